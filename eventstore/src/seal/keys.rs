//! Data keys of subjects: wrapped by the master key in `subject_keys`, and cached in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::personal::Subject;
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::log::chain::{bytea, frame};
use crate::seal::key_wrapper::KeyWrapper;
use crate::seal::vault::{DataKey, KeyRing, KeyState, VaultError, derive, random_bytes};
use crate::transient::Transient;

/// Maximum number of cached keys; the cache is cleared when full.
const CACHE_LIMIT: usize = 100_000;
/// How long a key is cached: another process may have destroyed it.
const CACHE_TTL: Duration = Duration::from_mins(1);
const MAC_LABEL: &[u8] = b"convosphere.mac.1";
const BACKUP_LABEL: &[u8] = b"convosphere.backup.1";
const ANCHOR_LABEL: &[u8] = b"convosphere.anchor.1";

/// The secret that wraps all data keys. Without it, all personal text is lost.
#[derive(Clone)]
pub struct MasterKey(DataKey);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.fingerprint())
    }
}

impl MasterKey {
    /// Generates a new key.
    pub fn generate() -> Result<Self, VaultError> {
        Ok(Self(random_bytes()?))
    }

    /// The key in its file form: base64url without padding.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The file form, with its newline.
    pub fn to_file(&self) -> String {
        format!("{}\n", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// Identifies the key without revealing it.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new_with_prefix("convosphere.master.1")
            .chain_update(self.0)
            .finalize();
        hex::encode(&digest[..8])
    }

    /// The wrapper for the data keys of a log.
    pub(crate) fn key_wrapper(&self, log_id: Uuid) -> KeyWrapper {
        KeyWrapper::new(log_id, &self.0)
    }

    /// The key that seals a backup file with the given first line.
    pub(crate) fn backup_key(&self, log_id: Uuid, line: &[u8]) -> DataKey {
        derive(log_id, &self.0, &frame(&[BACKUP_LABEL, line]))
    }
}

impl MasterKey {
    /// The key that authenticates the anchors of a log.
    pub(crate) fn anchor_key(&self, log_id: Uuid) -> DataKey {
        derive(log_id, &self.0, &frame(&[ANCHOR_LABEL]))
    }
}

/// A data key as an append stores it.
#[derive(Debug, Clone, Serialize)]
pub struct NewKey {
    pub subject: Subject,
    #[serde(serialize_with = "bytea")]
    pub wrapped: Vec<u8>,
    pub master: String,
    #[serde(skip)]
    plain: KeyState,
}

/// Why keys are unavailable: the response is 503, never `[erased]`.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "cannot unwrap the key of {0} with this master key; check that the right key file is in place"
    )]
    Unwrap(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Transient for KeyError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_transient())
    }
}

/// A cached key.
#[derive(Debug, Clone, Copy)]
struct CachedKey {
    state: KeyState,
    since: Instant,
}

impl CachedKey {
    /// Destroyed keys stay destroyed.
    fn is_fresh(&self) -> bool {
        matches!(self.state, KeyState::Destroyed) || self.since.elapsed() < CACHE_TTL
    }
}

/// The key ring of an installation.
#[derive(Debug, Clone)]
pub struct Keys {
    pool: PgPool,
    log_id: Uuid,
    fingerprint: Arc<str>,
    key_wrapper: KeyWrapper,
    cache: Arc<Mutex<HashMap<Subject, CachedKey>>>,
}

impl Keys {
    pub fn new(pool: PgPool, log_id: Uuid, master: &MasterKey) -> Self {
        Self {
            pool,
            log_id,
            fingerprint: master.fingerprint().into(),
            key_wrapper: master.key_wrapper(log_id),
            cache: Arc::default(),
        }
    }

    /// Loads the keys of subjects; subjects without a row are absent from the result.
    pub async fn load(&self, subjects: &BTreeSet<Subject>) -> Result<KeyRing, KeyError> {
        let mut ring = KeyRing::new();
        let mut missing = Vec::new();
        {
            let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            for subject in subjects {
                match cache.get(subject).filter(|key| key.is_fresh()) {
                    Some(key) => drop(ring.insert(subject.clone(), key.state)),
                    None => missing.push(subject.as_str().to_owned()),
                }
            }
        }
        if missing.is_empty() {
            return Ok(ring);
        }
        let rows = sqlx::query!(
            "select subject, wrapped from subject_keys where subject = any($1)",
            &missing
        )
        .fetch_all(&self.pool)
        .await?;
        for row in rows {
            let subject = Subject::from(row.subject);
            let state = match row.wrapped {
                Some(wrapped) => KeyState::Live(self.unwrap(&subject, &wrapped)?),
                None => KeyState::Destroyed,
            };
            self.cache_key(subject.clone(), state);
            ring.insert(subject, state);
        }
        Ok(ring)
    }

    /// Creates a key for a subject. Only the command that creates the subject may call this.
    pub fn create(&self, subject: Subject) -> Result<NewKey, VaultError> {
        let key: DataKey = random_bytes()?;
        Ok(NewKey {
            wrapped: self.key_wrapper.wrap(subject.as_str(), &key)?,
            master: self.fingerprint.to_string(),
            plain: KeyState::Live(key),
            subject,
        })
    }

    /// Removes a destroyed key from the cache.
    pub fn forget(&self, subject: &Subject) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.remove(subject);
    }

    /// Caches a key that an acknowledged append has stored.
    pub fn cache_new(&self, key: &NewKey) {
        self.cache_key(key.subject.clone(), key.plain);
    }

    /// A MAC under a key of the installation, for comparing secret values.
    pub async fn mac(&self, purpose: &str, text: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = self.derive_secret(MAC_LABEL, purpose).await?;
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key)
            .map_err(|_| VaultError::Malformed(purpose.to_owned()))?;
        mac.update(text);
        Ok(mac.finalize().into_bytes().to_vec())
    }

    /// The key that signs access tokens, cursors and the set-up token of this installation.
    pub async fn signing_key(&self, purpose: &str) -> Result<DataKey, KeyError> {
        self.derive_secret(b"convosphere.sign.1", purpose).await
    }

    /// The key that seals bus messages between the processes of this installation.
    pub(crate) async fn bus_key(&self) -> Result<DataKey, KeyError> {
        self.derive_secret(b"convosphere.bus.1", "").await
    }

    pub(crate) fn log_id(&self) -> Uuid {
        self.log_id
    }

    async fn derive_secret(&self, label: &[u8], purpose: &str) -> Result<DataKey, KeyError> {
        let subject = Subject::new("installation", self.log_id);
        let ring = self.load(&BTreeSet::from([subject.clone()])).await?;
        match ring.get(&subject) {
            Some(KeyState::Live(key)) => Ok(derive(
                self.log_id,
                key,
                &frame(&[label, purpose.as_bytes()]),
            )),
            _ => Err(VaultError::KeyMissing(subject.as_str().to_owned()).into()),
        }
    }

    fn unwrap(&self, subject: &Subject, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        let key = self.key_wrapper.unwrap(subject.as_str(), wrapped);
        key.ok_or_else(|| KeyError::Unwrap(subject.as_str().to_owned()))
    }

    fn cache_key(&self, subject: Subject, state: KeyState) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE_LIMIT {
            cache.clear();
        }
        let since = Instant::now();
        cache.insert(subject, CachedKey { state, since });
    }
}

impl NewKey {
    pub(crate) fn state(&self) -> KeyState {
        self.plain
    }
}
