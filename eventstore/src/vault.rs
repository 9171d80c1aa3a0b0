//! Sealing and opening of personal fields inside the JSON of an event: XChaCha20-Poly1305 under the keys of subjects.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use domain::personal::{ERASED, Sealed, Subject};
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::chain::framed;

const CONTEXT: &[u8] = b"convosphere.seal.1";
const VERSION: u8 = 1;

/// A subject's secret.
pub type DataKey = [u8; 32];
/// A source of nonces: the operating system, except in test vectors.
pub type Nonces<'a> = &'a mut (dyn FnMut() -> Result<[u8; 24], VaultError> + Send);

/// What is known of a subject's key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Live(DataKey),
    /// A tombstone: what it sealed reads `[erased]`.
    Destroyed,
}

impl std::fmt::Debug for KeyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Live(_) => "Live",
            Self::Destroyed => "Destroyed",
        })
    }
}

/// The keys at hand, by subject.
pub type KeyRing = HashMap<Subject, KeyState>;

/// Where a field stands; bound to its ciphertext.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub log_id: Uuid,
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
    pub sequence: i64,
    pub event_type: &'a str,
}

/// Why a field could not be sealed or opened. Never answered with `[erased]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("there is no key for {0}")]
    KeyMissing(String),
    #[error("the key of {0} was destroyed")]
    KeyDestroyed(String),
    #[error(
        "the sealed field at {0} does not open: it was changed, moved, or sealed under another key"
    )]
    Broken(String),
    #[error("the sealed field at {0} is malformed")]
    Malformed(String),
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

/// The subjects that the personal and sealed fields of a value name.
pub fn subjects(value: &Value, found: &mut BTreeSet<Subject>) {
    match value {
        Value::Object(fields) => {
            for form in ["$personal", "$sealed"] {
                let names = fields.get(form).and_then(|field| field["k"].as_array());
                found.extend(
                    names
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .map(|name| Subject::from(name.to_owned())),
                );
            }
            fields.values().for_each(|value| subjects(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| subjects(value, found)),
        _ => {}
    }
}

/// Seals every personal field below `pointer`.
pub fn seal(
    value: &mut Value,
    pointer: &str,
    place: Place<'_>,
    keys: &KeyRing,
    nonces: Nonces<'_>,
) -> Result<(), VaultError> {
    each_field(
        "$personal",
        value,
        &mut pointer.to_owned(),
        &mut |field, pointer| seal_field(&field, pointer, place, keys, nonces),
    )
}

/// Whether a personal field is left readable anywhere in a value: an object that has the mark as a key, whatever else it
/// has. A text that merely reads like the mark is none.
pub fn has_readable(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.contains_key("$personal") || fields.values().any(has_readable)
        }
        Value::Array(items) => items.iter().any(has_readable),
        _ => false,
    }
}

/// Opens every sealed field below `pointer`; one whose key was destroyed becomes erased.
pub fn open(
    value: &mut Value,
    pointer: &str,
    place: Place<'_>,
    keys: &KeyRing,
) -> Result<(), VaultError> {
    each_field(
        "$sealed",
        value,
        &mut pointer.to_owned(),
        &mut |field, pointer| {
            let (subjects, value) = open_field(field, pointer, place, keys)?;
            Ok(match value {
                Some(value) => json!({"$personal": {"k": subjects, "value": value}}),
                None => json!({"$erased": true}),
            })
        },
    )
}

/// Puts in the place of every sealed field below `pointer` what it holds, and `[erased]` where its key was destroyed.
pub fn reveal(
    value: &mut Value,
    pointer: &str,
    place: Place<'_>,
    keys: &KeyRing,
) -> Result<(), VaultError> {
    each_field(
        "$sealed",
        value,
        &mut pointer.to_owned(),
        &mut |field, pointer| {
            let (_, value) = open_field(field, pointer, place, keys)?;
            Ok(value.unwrap_or_else(|| ERASED.into()))
        },
    )
}

/// Puts what `change` makes of it in the place of every field of a form, with the pointer to it.
fn each_field(
    form: &str,
    value: &mut Value,
    pointer: &mut String,
    change: &mut dyn FnMut(Value, &str) -> Result<Value, VaultError>,
) -> Result<(), VaultError> {
    if let Some(field) = single(value, form) {
        *value = change(field.take(), pointer)?;
        return Ok(());
    }
    let length = pointer.len();
    let mut descend = |name: &str, child: &mut Value, pointer: &mut String| {
        if !child.is_object() && !child.is_array() {
            return Ok(());
        }
        pointer.push('/');
        match name.contains(['~', '/']) {
            true => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
            false => pointer.push_str(name),
        }
        each_field(form, child, pointer, change)?;
        pointer.truncate(length);
        Ok(())
    };
    match value {
        Value::Object(fields) => fields
            .iter_mut()
            .try_for_each(|(name, child)| descend(name, child, pointer)),
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .try_for_each(|(index, child)| descend(&index.to_string(), child, pointer)),
        _ => Ok(()),
    }
}

fn seal_field(
    field: &Value,
    pointer: &str,
    place: Place<'_>,
    keys: &KeyRing,
    nonces: Nonces<'_>,
) -> Result<Value, VaultError> {
    let subjects = names(&field["k"]).ok_or_else(|| VaultError::Malformed(pointer.into()))?;
    let key = field_key(place.log_id, &subjects, keys)?
        .ok_or_else(|| VaultError::KeyDestroyed(list(&subjects)))?;
    let nonce = nonces()?;
    let plaintext = field["value"].to_string();
    let ciphertext = XChaCha20Poly1305::new(&key.into())
        .encrypt(
            &nonce.into(),
            Payload {
                msg: plaintext.as_bytes(),
                aad: &additional_data(place, pointer),
            },
        )
        .map_err(|_| VaultError::Broken(pointer.into()))?;
    Ok(json!({"$sealed": Sealed {
        v: VERSION,
        k: subjects,
        n: URL_SAFE_NO_PAD.encode(nonce),
        c: URL_SAFE_NO_PAD.encode(ciphertext),
    }}))
}

/// The subjects of a sealed field and what it holds; nothing where its key was destroyed.
fn open_field(
    field: Value,
    pointer: &str,
    place: Place<'_>,
    keys: &KeyRing,
) -> Result<(Vec<Subject>, Option<Value>), VaultError> {
    let malformed = || VaultError::Malformed(pointer.to_owned());
    let sealed: Sealed = serde_json::from_value(field).map_err(|_| malformed())?;
    if sealed.v != VERSION {
        return Err(malformed());
    }
    let Some(key) = field_key(place.log_id, &sealed.k, keys)? else {
        return Ok((sealed.k, None));
    };
    let nonce: [u8; 24] = URL_SAFE_NO_PAD
        .decode(&sealed.n)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(malformed)?;
    let ciphertext = URL_SAFE_NO_PAD.decode(&sealed.c).map_err(|_| malformed())?;
    let plaintext = XChaCha20Poly1305::new(&key.into())
        .decrypt(
            &nonce.into(),
            Payload {
                msg: &ciphertext,
                aad: &additional_data(place, pointer),
            },
        )
        .map_err(|_| VaultError::Broken(pointer.to_owned()))?;
    let value = serde_json::from_slice(&plaintext).map_err(|_| malformed())?;
    Ok((sealed.k, Some(value)))
}

/// The key of a field: none where any of its subjects was destroyed.
fn field_key(
    log_id: Uuid,
    subjects: &[Subject],
    keys: &KeyRing,
) -> Result<Option<DataKey>, VaultError> {
    let mut material = Vec::with_capacity(subjects.len() * 32);
    let mut destroyed = false;
    for subject in subjects {
        match keys.get(subject) {
            Some(KeyState::Live(key)) => material.extend_from_slice(key),
            Some(KeyState::Destroyed) => destroyed = true,
            None => return Err(VaultError::KeyMissing(subject.as_str().to_owned())),
        }
    }
    let mut parts: Vec<&[u8]> = vec![CONTEXT];
    parts.extend(subjects.iter().map(|subject| subject.as_str().as_bytes()));
    Ok((!destroyed).then(|| derive(log_id, &material, &framed(&parts))))
}

/// HKDF-SHA256 with the log's id as salt: 32 bytes.
pub(crate) fn derive(log_id: Uuid, material: &[u8], info: &[u8]) -> DataKey {
    let salt = log_id.hyphenated().to_string();
    let mut key = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "32 bytes are far below the 8160 that HKDF-SHA256 yields; a key of zeros must never come of a fault"
    )]
    Hkdf::<Sha256>::new(Some(salt.as_bytes()), material)
        .expand(info, &mut key)
        .expect("HKDF-SHA256 yields 32 bytes");
    key
}

fn additional_data(place: Place<'_>, pointer: &str) -> Vec<u8> {
    framed(&[
        CONTEXT,
        place.log_id.hyphenated().to_string().as_bytes(),
        place.aggregate_type.as_bytes(),
        place.aggregate_id.as_bytes(),
        &place.sequence.to_be_bytes(),
        place.event_type.as_bytes(),
        pointer.as_bytes(),
    ])
}

/// The one field of an object that has no other.
fn single<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let fields = value.as_object_mut().filter(|fields| fields.len() == 1)?;
    fields.get_mut(name)
}

fn names(value: &Value) -> Option<Vec<Subject>> {
    let names: Vec<Subject> = serde_json::from_value(value.clone()).ok()?;
    (1..=4).contains(&names.len()).then_some(names)
}

fn list(subjects: &[Subject]) -> String {
    let names: Vec<&str> = subjects.iter().map(Subject::as_str).collect();
    names.join(", ")
}

/// A nonce of the operating system.
pub fn random_nonce() -> Result<[u8; 24], VaultError> {
    random()
}

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}
