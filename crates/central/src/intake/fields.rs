//! Checks a new enquiry field by field, so that whoever sends it learns everything that is wrong at once. Serde alone
//! would stop at the first field.

use chrono::{DateTime, Utc};
use passerelle_domain::client::{FieldError, NAME_MAX, is_mail, is_phone, is_postal_code};
use passerelle_domain::enquiry::{Channel, MESSAGE_MAX, THREAD_MAX};
use passerelle_protocol::intake::{NewEnquiry, NewMessage, NewRequester};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longest subject, in characters.
const SUBJECT_MAX: usize = 200;

/// The errors found so far.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn add(&mut self, field: &str, code: &str) {
        self.0.push(FieldError { field: field.to_owned(), code: code.to_owned() });
    }

    /// A text without blanks around it; absent, null and blank are the same.
    fn text(&mut self, of: &Map<String, Value>, path: &str, most: usize) -> Option<String> {
        let text = match of.get(last(path)) {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) => clean(text),
            Some(_) => {
                self.add(path, "type");
                return None;
            }
        };
        if text.chars().count() > most {
            self.add(path, "too_long");
        }
        (!text.is_empty()).then_some(text)
    }

    /// A text that must be there.
    fn required(&mut self, of: &Map<String, Value>, path: &str, most: usize) -> String {
        let before = self.0.len();
        let text = self.text(of, path, most);
        if text.is_none() && self.0.len() == before {
            self.add(path, "required");
        }
        text.unwrap_or_default()
    }

    /// One of a fixed set of words.
    fn word<T: DeserializeOwned>(&mut self, of: &Map<String, Value>, path: &str) -> Option<T> {
        match of.get(last(path)) {
            None | Some(Value::Null) => None,
            Some(word) => {
                let read = serde_json::from_value(word.clone()).ok();
                if read.is_none() {
                    self.add(path, "unknown_value");
                }
                read
            }
        }
    }

    /// One of a fixed set of words, which must be there.
    fn required_word<T: DeserializeOwned>(&mut self, of: &Map<String, Value>, path: &str) -> Option<T> {
        if matches!(of.get(last(path)), None | Some(Value::Null)) {
            self.add(path, "required");
        }
        self.word(of, path)
    }
}

/// The name of a field in its object: what follows the last dot.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Line ends as one sign, no other control characters (a NUL is no text), no blanks around.
fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Checks everything. The texts of the enquiry that comes back are trimmed.
///
/// # Errors
/// All wrong fields, in the order in which they are documented.
pub fn checked(body: &Value) -> Result<NewEnquiry, Vec<FieldError>> {
    let mut errors = Errors::default();
    let nothing = Map::new();
    let Value::Object(root) = body else {
        errors.add("", "type");
        return Err(errors.0);
    };
    let channel = errors.required_word(root, "channel");
    if channel == Some(Channel::WalkIn) {
        errors.add("channel", "not_online");
    }
    let subject = errors.text(root, "subject", SUBJECT_MAX);
    let requester = match root.get("requester") {
        Some(Value::Object(of)) => requester(&mut errors, of),
        other => {
            errors.add("requester", if other.is_none() { "required" } else { "type" });
            None
        }
    };
    let messages = match root.get("messages") {
        Some(Value::Array(list)) if list.is_empty() => {
            errors.add("messages", "required");
            Vec::new()
        }
        Some(Value::Array(list)) if list.len() > THREAD_MAX => {
            errors.add("messages", "too_many");
            Vec::new()
        }
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .filter_map(|(i, m)| message(&mut errors, i, m.as_object().unwrap_or(&nothing)))
            .collect(),
        other => {
            errors.add("messages", if other.is_none() { "required" } else { "type" });
            Vec::new()
        }
    };
    match root.get("consent") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => errors.add("consent", "must_be_true"),
        None | Some(Value::Null) => errors.add("consent", "required"),
        Some(_) => errors.add("consent", "type"),
    }
    let sensitive = match root.get("sensitive") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(sensitive)) => *sensitive,
        Some(_) => {
            errors.add("sensitive", "type");
            false
        }
    };
    match (channel, requester) {
        (Some(channel), Some(requester)) if errors.0.is_empty() => {
            Ok(NewEnquiry { channel, subject, requester, messages, consent: true, sensitive })
        }
        _ => Err(errors.0),
    }
}

fn requester(errors: &mut Errors, of: &Map<String, Value>) -> Option<NewRequester> {
    let name = errors.required(of, "requester.name", NAME_MAX);
    let relation = errors.required_word(of, "requester.relation");
    let about = errors.text(of, "requester.about", NAME_MAX);
    let mail = errors.text(of, "requester.mail", 254);
    if mail.as_deref().is_some_and(|m| !is_mail(m)) {
        errors.add("requester.mail", "mail");
    }
    let phone = errors.text(of, "requester.phone", 40);
    if phone.as_deref().is_some_and(|p| !is_phone(p)) {
        errors.add("requester.phone", "phone");
    }
    // One of the wrong type has its own error already.
    let blank = |field: &str| of.get(field).is_none_or(|v| v.is_null() || v.is_string());
    if mail.is_none() && phone.is_none() && blank("mail") && blank("phone") {
        errors.add("requester.mail", "mail_or_phone");
    }
    let category = errors.word(of, "requester.category");
    let class_level = errors.text(of, "requester.class_level", NAME_MAX);
    let school = errors.text(of, "requester.school", NAME_MAX);
    let postal_code = errors.required(of, "requester.postal_code", NAME_MAX);
    if !postal_code.is_empty() && !is_postal_code(&postal_code) {
        errors.add("requester.postal_code", "postal_code");
    }
    Some(NewRequester {
        name,
        relation: relation?,
        about,
        mail,
        phone,
        category,
        class_level,
        school,
        postal_code,
    })
}

fn message(errors: &mut Errors, i: usize, of: &Map<String, Value>) -> Option<NewMessage> {
    let from = errors.required_word(of, &format!("messages.{i}.from"));
    let at = errors.word::<DateTime<Utc>>(of, &format!("messages.{i}.at"));
    let text = errors.required(of, &format!("messages.{i}.text"), MESSAGE_MAX);
    Some(NewMessage { from: from?, at, text })
}

/// What is wrong, in French, a sentence for each field.
#[must_use]
pub fn explained(fields: &[FieldError]) -> String {
    let sentences: Vec<String> = fields.iter().map(sentence).collect();
    format!("La demande n’a pas été enregistrée. {}", sentences.join(" "))
}

fn sentence(error: &FieldError) -> String {
    let why = match error.code.as_str() {
        "required" => "ce champ est obligatoire".to_owned(),
        "type" => "ce champ n’a pas la forme attendue".into(),
        "too_long" => "ce texte est trop long".into(),
        "too_many" => format!("pas plus de {THREAD_MAX} messages"),
        "unknown_value" => "cette valeur n’est pas connue".into(),
        "not_online" => "une demande faite à l’accueil se saisit au CIO, pas ici".into(),
        "mail" => "une adresse s’écrit nom@domaine.fr".into(),
        "phone" => "un numéro a dix chiffres et commence par 0, ou par + à l’étranger".into(),
        "mail_or_phone" => "il faut une adresse mél ou un numéro de téléphone pour répondre".into(),
        "postal_code" => "un code postal a cinq chiffres".into(),
        "must_be_true" => "sans l’accord de la personne, la question ne peut pas être conservée".into(),
        _ => "ce champ est refusé".into(),
    };
    let field = if error.field.is_empty() { "(racine)" } else { &error.field };
    format!("{field} : {why}.")
}
