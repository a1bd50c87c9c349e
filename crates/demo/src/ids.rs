//! Identifiers that are the same each time: UUIDv5 of what they name.

use uuid::Uuid;

/// Namespace of everything that the demonstration makes.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b1f_6a52_0d6e_5c0a_9b7e_7061_7373_6572);

/// The id of what `path` names, in whichever kind of id is asked for.
pub(crate) fn id<T: From<Uuid>>(path: &str) -> T {
    T::from(Uuid::new_v5(&NAMESPACE, path.as_bytes()))
}

/// A short reference that can be said on the phone: no letter looks or sounds like another or like a digit.
pub(crate) fn reference(path: &str) -> String {
    const ALPHABET: &[u8; 24] = b"ACDEFGHJKLMNPRTUVWXY3479";
    let mut number = Uuid::new_v5(&NAMESPACE, path.as_bytes()).as_u128();
    let mut letter = || {
        let at = (number % 24) as usize;
        number /= 24;
        char::from(ALPHABET[at])
    };
    let (first, second): (String, String) =
        ((0..4).map(|_| letter()).collect(), (0..3).map(|_| letter()).collect());
    format!("{first}-{second}")
}
