//! Data keys of subjects: wrapped by the master key in `subject_keys`, kept open in a bounded cache.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::personal::Subject;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::chain::{framed, hex};
use crate::vault::{DataKey, KeyRing, KeyState, VaultError, derive, random};
use crate::wrapping::Wrapping;

/// Open keys kept at most; the cache starts over when full.
const CACHE_LIMIT: usize = 100_000;
/// How long a key is kept open without a look: another process may have destroyed it.
const KEPT: Duration = Duration::from_mins(1);
const MAC: &[u8] = b"convosphere.mac.1";
const BACKUP: &[u8] = b"convosphere.backup.1";
const ANCHOR: &[u8] = b"convosphere.anchor.1";

/// The secret that wraps all data keys. Whoever loses it loses every text.
#[derive(Clone)]
pub struct MasterKey(DataKey);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.fingerprint())
    }
}

impl MasterKey {
    /// A new one from the operating system.
    pub fn generate() -> Result<Self, VaultError> {
        Ok(Self(random()?))
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

    /// What names the key without telling it.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new_with_prefix("convosphere.master.1")
            .chain_update(self.0)
            .finalize();
        hex(&digest[..8])
    }

    /// What wraps the data keys of a log.
    pub(crate) fn wrapping(&self, log_id: Uuid) -> Wrapping {
        Wrapping::new(log_id, &self.0)
    }

    /// What seals a file of a backup, whose first line is this.
    pub(crate) fn backup_key(&self, log_id: Uuid, line: &[u8]) -> DataKey {
        derive(log_id, &self.0, &framed(&[BACKUP, line]))
    }
}

impl MasterKey {
    /// What signs the anchors of a log.
    pub(crate) fn anchor_key(&self, log_id: Uuid) -> DataKey {
        derive(log_id, &self.0, &framed(&[ANCHOR]))
    }
}

/// A data key as an append stores it.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub subject: Subject,
    pub wrapped: Vec<u8>,
    pub master: String,
    plain: KeyState,
}

/// Why keys could not be had: the answer is 503, never `[erased]`.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key of {0} does not open with this master key")]
    Unwrap(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A key that was looked up.
#[derive(Debug, Clone, Copy)]
struct Open {
    state: KeyState,
    since: Instant,
}

impl Open {
    /// What was destroyed stays so.
    fn is_fresh(&self) -> bool {
        matches!(self.state, KeyState::Destroyed) || self.since.elapsed() < KEPT
    }
}

/// The key ring of an installation.
#[derive(Debug, Clone)]
pub struct Keys {
    pool: PgPool,
    log_id: Uuid,
    fingerprint: Arc<str>,
    wrapping: Wrapping,
    open: Arc<Mutex<HashMap<Subject, Open>>>,
}

impl Keys {
    pub fn new(pool: PgPool, log_id: Uuid, master: &MasterKey) -> Self {
        Self {
            pool,
            log_id,
            fingerprint: master.fingerprint().into(),
            wrapping: master.wrapping(log_id),
            open: Arc::default(),
        }
    }

    /// The keys of the given subjects; a subject without a row is absent from the result.
    pub async fn load(&self, subjects: &BTreeSet<Subject>) -> Result<KeyRing, KeyError> {
        let mut ring = KeyRing::new();
        let mut missing = Vec::new();
        {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            for subject in subjects {
                match open.get(subject).filter(|open| open.is_fresh()) {
                    Some(open) => drop(ring.insert(subject.clone(), open.state)),
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
            self.remember(subject.clone(), state);
            ring.insert(subject, state);
        }
        Ok(ring)
    }

    /// A fresh key for a subject that the running command creates. Nobody else ever makes one.
    pub fn make(&self, subject: Subject) -> Result<NewKey, VaultError> {
        let key: DataKey = random()?;
        Ok(NewKey {
            wrapped: self.wrapping.wrap(subject.as_str(), &key)?,
            master: self.fingerprint.to_string(),
            plain: KeyState::Live(key),
            subject,
        })
    }

    /// Forgets an open key: it was destroyed.
    pub fn forget(&self, subject: &Subject) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(subject);
    }

    /// Keeps a key that an acknowledged append has stored.
    pub fn stored(&self, key: &NewKey) {
        self.remember(key.subject.clone(), key.plain);
    }

    /// A keyed digest for comparing what must not be read, under a key of the installation.
    pub async fn mac(&self, purpose: &str, text: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = self.secret(MAC, purpose).await?;
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key)
            .map_err(|_| VaultError::Malformed(purpose.to_owned()))?;
        mac.update(text);
        Ok(mac.finalize().into_bytes().to_vec())
    }

    /// The key that signs access tokens, cursors and the set-up token of this installation.
    pub async fn signing_key(&self, purpose: &str) -> Result<DataKey, KeyError> {
        self.secret(b"convosphere.sign.1", purpose).await
    }

    /// The key that seals what goes over the bus between the processes of this installation.
    pub(crate) async fn bus_key(&self) -> Result<DataKey, KeyError> {
        self.secret(b"convosphere.bus.1", "").await
    }

    pub(crate) fn log_id(&self) -> Uuid {
        self.log_id
    }

    async fn secret(&self, label: &[u8], purpose: &str) -> Result<DataKey, KeyError> {
        let subject = Subject::new("installation", self.log_id);
        let ring = self.load(&BTreeSet::from([subject.clone()])).await?;
        match ring.get(&subject) {
            Some(KeyState::Live(key)) => Ok(derive(
                self.log_id,
                key,
                &framed(&[label, purpose.as_bytes()]),
            )),
            _ => Err(VaultError::KeyMissing(subject.as_str().to_owned()).into()),
        }
    }

    fn unwrap(&self, subject: &Subject, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        let key = self.wrapping.unwrap(subject.as_str(), wrapped);
        key.ok_or_else(|| KeyError::Unwrap(subject.as_str().to_owned()))
    }

    fn remember(&self, subject: Subject, state: KeyState) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= CACHE_LIMIT {
            open.clear();
        }
        let since = Instant::now();
        open.insert(subject, Open { state, since });
    }
}

impl NewKey {
    pub(crate) fn state(&self) -> KeyState {
        self.plain
    }
}
