//! Seals and opens personal fields in the JSON of an event: XChaCha20-Poly1305 under the keys of subjects.

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

use crate::log::chain::frame;

const LABEL: &[u8] = b"convosphere.seal.1";
const VERSION: u8 = 1;

/// A subject's secret.
pub type DataKey = [u8; 32];
/// A source of nonces: the operating system, except in test vectors.
pub type NonceSource<'a> = &'a mut (dyn FnMut() -> Result<[u8; 24], VaultError> + Send);

/// The state of a subject's key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Live(DataKey),
    /// A tombstone: fields sealed under it read `[erased]`.
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

/// Loaded keys by subject.
pub type KeyRing = HashMap<Subject, KeyState>;

/// The context of a field, bound to its ciphertext as additional data.
#[derive(Debug, Clone, Copy)]
pub struct SealContext<'a> {
    pub log_id: Uuid,
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
    pub sequence: i64,
    pub event_type: &'a str,
}

/// Why a field could not be sealed or opened. Such fields never read `[erased]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the key of {0} is missing")]
    KeyMissing(String),
    #[error("the key of {0} was destroyed")]
    KeyDestroyed(String),
    #[error(
        "the sealed field at {0} does not open: it was changed, moved, or sealed under another key"
    )]
    Broken(String),
    #[error("the sealed field at {0} is malformed")]
    Malformed(String),
    #[error("cannot get random bytes from the operating system")]
    NoRandomness,
}

/// Collects the subjects of all personal and sealed fields of a value.
pub fn collect_subjects(value: &Value, found: &mut BTreeSet<Subject>) {
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
            fields
                .values()
                .for_each(|value| collect_subjects(value, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_subjects(value, found)),
        _ => {}
    }
}

/// Seals every personal field below `pointer`.
pub fn seal(
    value: &mut Value,
    pointer: &str,
    context: SealContext<'_>,
    keys: &KeyRing,
    nonces: NonceSource<'_>,
) -> Result<(), VaultError> {
    replace_fields(
        "$personal",
        value,
        &mut pointer.to_owned(),
        &mut |field, pointer| seal_field(&field, pointer, context, keys, nonces),
    )
}

/// Whether a value still has an unsealed personal field: any object with the marker as a key. A string that contains
/// the marker does not count.
pub fn has_plaintext(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.contains_key("$personal") || fields.values().any(has_plaintext)
        }
        Value::Array(items) => items.iter().any(has_plaintext),
        _ => false,
    }
}

/// Opens every sealed field below `pointer`; fields whose key was destroyed become erased.
pub fn open(
    value: &mut Value,
    pointer: &str,
    context: SealContext<'_>,
    keys: &KeyRing,
) -> Result<(), VaultError> {
    open_fields(
        value,
        pointer,
        context,
        keys,
        |subjects, value| match value {
            Some(value) => json!({"$personal": {"k": subjects, "value": value}}),
            None => json!({"$erased": true}),
        },
    )
}

/// Replaces every sealed field below `pointer` by its plain value, or by `[erased]` if its key was destroyed.
pub fn reveal(
    value: &mut Value,
    pointer: &str,
    context: SealContext<'_>,
    keys: &KeyRing,
) -> Result<(), VaultError> {
    open_fields(value, pointer, context, keys, |_, value| {
        value.unwrap_or_else(|| ERASED.into())
    })
}

/// Replaces every sealed field by what `replacement` returns for its subjects and value; there is no value if its key
/// was destroyed.
fn open_fields(
    value: &mut Value,
    pointer: &str,
    context: SealContext<'_>,
    keys: &KeyRing,
    replacement: fn(Vec<Subject>, Option<Value>) -> Value,
) -> Result<(), VaultError> {
    replace_fields(
        "$sealed",
        value,
        &mut pointer.to_owned(),
        &mut |field, pointer| {
            let (subjects, value) = open_field(field, pointer, context, keys)?;
            Ok(replacement(subjects, value))
        },
    )
}

/// Replaces every field of a form by the result of `change`, which also gets the pointer to the field.
fn replace_fields(
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
        replace_fields(form, child, pointer, change)?;
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
    context: SealContext<'_>,
    keys: &KeyRing,
    nonces: NonceSource<'_>,
) -> Result<Value, VaultError> {
    let subjects =
        parse_subjects(&field["k"]).ok_or_else(|| VaultError::Malformed(pointer.into()))?;
    let key = field_key(context.log_id, &subjects, keys)?
        .ok_or_else(|| VaultError::KeyDestroyed(join_names(&subjects)))?;
    let nonce = nonces()?;
    let plaintext = field["value"].to_string();
    let ciphertext = XChaCha20Poly1305::new(&key.into())
        .encrypt(
            &nonce.into(),
            Payload {
                msg: plaintext.as_bytes(),
                aad: &additional_data(context, pointer),
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

/// The subjects of a sealed field and its value; `None` if its key was destroyed.
fn open_field(
    field: Value,
    pointer: &str,
    context: SealContext<'_>,
    keys: &KeyRing,
) -> Result<(Vec<Subject>, Option<Value>), VaultError> {
    let malformed = || VaultError::Malformed(pointer.to_owned());
    let sealed: Sealed = serde_json::from_value(field).map_err(|_| malformed())?;
    if sealed.v != VERSION {
        return Err(malformed());
    }
    let Some(key) = field_key(context.log_id, &sealed.k, keys)? else {
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
                aad: &additional_data(context, pointer),
            },
        )
        .map_err(|_| VaultError::Broken(pointer.to_owned()))?;
    let value = serde_json::from_slice(&plaintext).map_err(|_| malformed())?;
    Ok((sealed.k, Some(value)))
}

/// The key of a field; `None` if the key of any of its subjects was destroyed.
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
    let mut parts: Vec<&[u8]> = vec![LABEL];
    parts.extend(subjects.iter().map(|subject| subject.as_str().as_bytes()));
    Ok((!destroyed).then(|| derive(log_id, &material, &frame(&parts))))
}

/// HKDF-SHA256 with the log's id as salt: 32 bytes.
pub(crate) fn derive(log_id: Uuid, material: &[u8], info: &[u8]) -> DataKey {
    let salt = log_id.hyphenated().to_string();
    let mut key = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "32 bytes are far below the 8160 that HKDF-SHA256 yields; a bug must never yield a key of zeros"
    )]
    Hkdf::<Sha256>::new(Some(salt.as_bytes()), material)
        .expand(info, &mut key)
        .expect("HKDF-SHA256 yields 32 bytes");
    key
}

fn additional_data(context: SealContext<'_>, pointer: &str) -> Vec<u8> {
    frame(&[
        LABEL,
        context.log_id.hyphenated().to_string().as_bytes(),
        context.aggregate_type.as_bytes(),
        context.aggregate_id.as_bytes(),
        &context.sequence.to_be_bytes(),
        context.event_type.as_bytes(),
        pointer.as_bytes(),
    ])
}

/// The field of an object that has no others.
fn single<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let fields = value.as_object_mut().filter(|fields| fields.len() == 1)?;
    fields.get_mut(name)
}

fn parse_subjects(value: &Value) -> Option<Vec<Subject>> {
    let names: Vec<Subject> = serde_json::from_value(value.clone()).ok()?;
    (1..=4).contains(&names.len()).then_some(names)
}

fn join_names(subjects: &[Subject]) -> String {
    let names: Vec<&str> = subjects.iter().map(Subject::as_str).collect();
    names.join(", ")
}

/// A nonce from the operating system.
pub fn random_nonce() -> Result<[u8; 24], VaultError> {
    random_bytes()
}

/// Random bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "the only source of secrets")]
    getrandom::fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
    Ok(bytes)
}
