//! Staged events to their final bytes: sealed, as text, with their digest.

use std::collections::BTreeSet;

use domain::{Recorded, Subject};
use serde_json::Value;
use uuid::Uuid;

use super::Context;
use crate::append::NewEvent;
use crate::keys::{KeyError, Keys, NewKey};
use crate::log::Log;
use crate::store::{Loaded, Staged};
use crate::vault::{self, KeyRing, Place, VaultError};

/// Why events could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("an event would have been stored with a readable personal field")]
    Unsealed,
}

impl From<VaultError> for SealError {
    fn from(error: VaultError) -> Self {
        Self::Key(KeyError::Vault(error))
    }
}

/// Seals the events of one log.
#[derive(Debug, Clone)]
pub struct Sealer {
    log: Log,
    keys: Keys,
}

impl Sealer {
    pub fn new(log: Log, keys: Keys) -> Self {
        Self { log, keys }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The key that creating this aggregate makes.
    pub fn new_keys<A: Recorded>(&self, loaded: &Loaded<A>) -> Result<Vec<NewKey>, VaultError> {
        if loaded.version > 0 || !A::OWNS_KEY {
            return Ok(vec![]);
        }
        Ok(vec![self.keys.make(Subject::new(A::TYPE, loaded.id))?])
    }

    /// Seals, writes and digests the events of one command.
    pub async fn seal(
        &self,
        context: &Context,
        command_id: Uuid,
        staged: Vec<Staged>,
        new_keys: &[NewKey],
    ) -> Result<Vec<NewEvent>, SealError> {
        let metadata = context.metadata();
        let mut subjects = BTreeSet::new();
        vault::subjects(&metadata, &mut subjects);
        for event in &staged {
            vault::subjects(&event.payload, &mut subjects);
        }
        let mut made = KeyRing::new();
        for key in new_keys {
            subjects.remove(&key.subject);
            made.insert(key.subject.clone(), key.state());
        }
        let mut ring = self.keys.load(&subjects).await?;
        ring.extend(made);
        staged
            .into_iter()
            .map(|event| self.seal_one(event, command_id, metadata.clone(), &ring))
            .collect()
    }

    fn seal_one(
        &self,
        event: Staged,
        command_id: Uuid,
        mut metadata: Value,
        ring: &KeyRing,
    ) -> Result<NewEvent, SealError> {
        let mut payload = event.payload;
        let place = Place {
            log_id: self.log.id,
            aggregate_type: event.aggregate_type,
            aggregate_id: &event.aggregate_id,
            sequence: event.sequence,
            event_type: &event.event_type,
        };
        vault::seal(
            &mut payload,
            "/payload",
            place,
            ring,
            &mut vault::random_nonce,
        )?;
        vault::seal(
            &mut metadata,
            "/metadata",
            place,
            ring,
            &mut vault::random_nonce,
        )?;
        if vault::has_readable(&payload) || vault::has_readable(&metadata) {
            return Err(SealError::Unsealed);
        }
        let (payload, metadata) = (payload.to_string(), metadata.to_string());
        let sealed = NewEvent {
            event_id: event.event_id,
            command_id,
            aggregate_type: event.aggregate_type,
            aggregate_id: event.aggregate_id,
            sequence: event.sequence,
            scope: event.scope,
            event_type: event.event_type,
            event_version: event.event_version,
            metadata,
            payload,
            digest: [0; 32],
        };
        Ok(sealed.with_digest(&self.log))
    }
}
