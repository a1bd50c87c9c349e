//! Every package that is built with or shipped has a licence that deny.toml allows, Rust and npm alike.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::workspace::{list, metadata, root, text};

/// npm packages under other licences than the list's: name (a last `*` stands for any end), licence, why it is right.
const NPM_EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("lightningcss*", "MPL-2.0", "compiles the UI's style sheets; used unchanged, not shipped"),
    ("axe-core", "MPL-2.0", "checks accessibility in the tests; used unchanged, not shipped"),
    ("ical.js", "MPL-2.0", "reads our calendars in the tests; used unchanged, not shipped"),
    ("caniuse-lite", "CC-BY-4.0", "tables of what browsers know, read by the build; not shipped"),
    ("@fontsource-variable/inter", "OFL-1.1", "the font, shipped as the file that it is"),
];

/// The folders with a package-lock.json.
const NPM_PLACES: &[&str] = &["ui", "tests/e2e", "tests/calendar-peers"];

/// What deny.toml says of licences.
struct Rules {
    allowed: BTreeSet<String>,
    exceptions: BTreeMap<String, BTreeSet<String>>,
}

impl Rules {
    fn read() -> Self {
        let file = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
        let document: toml::Table = file.parse().expect("deny.toml is TOML");
        let licences = document["licenses"].as_table().expect("deny.toml has [licenses]");
        let words = |value: &toml::Value| -> BTreeSet<String> {
            let array = value.as_array().expect("a list of licences");
            array.iter().map(|word| word.as_str().expect("a licence is text").to_owned()).collect()
        };
        let exceptions = licences["exceptions"].as_array().expect("a list of exceptions");
        Self {
            allowed: words(&licences["allow"]),
            exceptions: exceptions
                .iter()
                .map(|entry| (entry["name"].as_str().expect("a name").to_owned(), words(&entry["allow"])))
                .collect(),
        }
    }

    /// Whether a Rust package of this name may have this licence.
    fn rust(&self, name: &str, licence: &str) -> bool {
        let exception = self.exceptions.get(name);
        satisfied(licence, &|word| {
            self.allowed.contains(word) || exception.is_some_and(|allowed| allowed.contains(word))
        })
    }

    /// Whether an npm package of this name may have this licence.
    fn npm(&self, name: &str, licence: &str) -> bool {
        satisfied(licence, &|word| {
            let excepted = NPM_EXCEPTIONS.iter().any(|(pattern, allowed, _)| {
                *allowed == word
                    && pattern.strip_suffix('*').map_or(name == *pattern, |start| name.starts_with(start))
            });
            self.allowed.contains(word) || excepted
        })
    }
}

/// Whether an SPDX expression is satisfied by what `allowed` says of single licences (`X WITH Y` is one of them).
/// `AND` binds tighter than `OR`; the older `/` means `OR`. What cannot be read is not satisfied.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let answer = either(&mut rest, allowed);
    answer == Some(true) && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut answer = both(rest, allowed)?;
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        answer |= both(rest, allowed)?;
    }
    Some(answer)
}

fn both(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut answer = one(rest, allowed)?;
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        answer &= one(rest, allowed)?;
    }
    Some(answer)
}

fn one(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    match *first {
        "(" => {
            let answer = either(rest, allowed)?;
            let (close, after) = rest.split_first()?;
            *rest = after;
            (*close == ")").then_some(answer)
        }
        ")" | "AND" | "OR" | "WITH" => None,
        licence => {
            if let ["WITH", exception, after @ ..] = *rest {
                *rest = after;
                return Some(allowed(&format!("{licence} WITH {exception}")));
            }
            Some(allowed(licence))
        }
    }
}

/// The licence of a Rust package: what it declares or, where it ships a text alone, Apache-2.0 if it is that text.
fn licence_of(package: &Value) -> Option<String> {
    if let Some(declared) = package["license"].as_str() {
        return Some(declared.to_owned());
    }
    let manifest = Path::new(text(package, "manifest_path"));
    let shipped = fs::read_to_string(manifest.parent()?.join(package["license_file"].as_str()?)).ok()?;
    let ours = fs::read_to_string(root().join("LICENSE")).ok()?;
    (terms(&shipped)? == terms(&ours)?).then(|| "Apache-2.0".to_owned())
}

/// The terms of an Apache licence text, without layout and without the appendix on how to apply it.
fn terms(licence: &str) -> Option<String> {
    let (terms, _) = licence.split_once("END OF TERMS AND CONDITIONS")?;
    Some(terms.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn expressions_are_read_as_spdx_says() {
    let allowed = |word: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&word);
    for right in
        ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(satisfied(right, &allowed), "{right} must be allowed");
    }
    for wrong in
        ["GPL-3.0", "MIT AND GPL-3.0", "MIT OR", "", "(MIT", "MIT ISC", "Apache-2.0", "GPL-3.0 OR MIT AND X"]
    {
        assert!(!satisfied(wrong, &allowed), "{wrong} must not be allowed");
    }
}

#[test]
fn rust_packages_have_an_allowed_licence() {
    let rules = Rules::read();
    // The platforms that Passerelle is made for: others would only be downloaded to be asked.
    let metadata = metadata(&[
        "--filter-platform",
        "x86_64-unknown-linux-gnu",
        "--filter-platform",
        "x86_64-pc-windows-msvc",
    ]);
    let used: BTreeSet<&str> =
        list(&metadata["resolve"], "nodes").iter().map(|node| text(node, "id")).collect();
    let packages: Vec<&Value> =
        list(&metadata, "packages").iter().filter(|package| used.contains(text(package, "id"))).collect();
    assert!(packages.len() > 200, "only {} packages were seen: the listing is wrong", packages.len());

    let mut wrong = Vec::new();
    let mut excepted = BTreeSet::new();
    for package in packages {
        let name = text(package, "name");
        match licence_of(package) {
            Some(licence) if rules.rust(name, &licence) => {
                if rules.exceptions.contains_key(name) {
                    excepted.insert(name);
                }
            }
            Some(licence) => wrong.push(format!("{name}: {licence}")),
            None => wrong.push(format!("{name}: no licence that can be read")),
        }
    }
    assert!(wrong.is_empty(), "licences that deny.toml does not allow: {wrong:#?}");
    let unused: Vec<_> = rules.exceptions.keys().filter(|name| !excepted.contains(name.as_str())).collect();
    assert!(unused.is_empty(), "exceptions of deny.toml that no package needs any more: {unused:?}");
}

#[test]
fn npm_packages_have_an_allowed_licence() {
    let rules = Rules::read();
    let mut wrong = Vec::new();
    for place in NPM_PLACES {
        let path = root().join(place).join("package-lock.json");
        let lock = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lock: Value = serde_json::from_str(&lock).expect("package-lock.json is JSON");
        let packages = lock["packages"].as_object().expect("a lock of version 3 lists its packages");
        assert!(packages.len() > 1, "{place}/package-lock.json lists no package");
        for (path, package) in packages.iter().filter(|(path, _)| path.contains("node_modules/")) {
            let name = path.rsplit("node_modules/").next().unwrap_or_default();
            let licence = package["license"].as_str().unwrap_or("none");
            if !rules.npm(name, licence) {
                wrong.push(format!("{place}: {name}: {licence}"));
            }
        }
    }
    assert!(wrong.is_empty(), "npm packages whose licence is not allowed: {wrong:#?}");
}

#[test]
fn the_project_is_under_apache_2() {
    let metadata = metadata(&["--no-deps"]);
    for package in list(&metadata, "packages") {
        assert_eq!(package["license"], "Apache-2.0", "licence of {}", text(package, "name"));
    }
    let licence = fs::read_to_string(root().join("LICENSE")).expect("LICENSE is there");
    assert!(licence.contains("Apache License") && licence.contains("END OF TERMS AND CONDITIONS"));
}
