//! The identity of the log, and reading it in order.

pub mod chain;
mod open;
pub mod verify;

use chrono::{DateTime, Utc};
use domain::codec::CodecError;
use domain::{Event, Subject};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use self::chain::{Fields, Hash};
use crate::seal::keys::{KeyError, Keys, MasterKey};
use crate::seal::vault::{self, SealContext};
use crate::transient::Transient;
pub use open::{OpenedEvent, UnsupportedEvent, open, open_supported, reveal};

/// The log format that this code reads and writes.
pub(crate) const FORMAT: i32 = 1;

/// The log of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    pub id: Uuid,
    pub genesis: Hash,
}

/// Why a log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the database has no log yet: run `convosphere database migrate`")]
    Missing,
    #[error("the log has format {0}, and this version reads format 1: use a newer version")]
    Format(i32),
    #[error(
        "the log was written under the master key {expected}, and this one is {found}: restore the right key file before anything is written"
    )]
    OtherMasterKey { expected: String, found: String },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    #[error("the text at position {0} is not valid JSON")]
    Unreadable(i64),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Transient for LogError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => error.is_transient(),
            Self::Key(error) => error.is_transient(),
            _ => false,
        }
    }
}

impl Log {
    /// The log with an id. Its genesis is computed, never read: the chain must not be verified against a stored value.
    pub fn from_id(id: Uuid) -> Self {
        Self {
            id,
            genesis: chain::genesis(id),
        }
    }

    /// Inserts the row that identifies the log of a database.
    pub(crate) async fn record(
        self,
        connection: &mut PgConnection,
        master: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "insert into log (id, format, genesis, master_fingerprint) values ($1, $2, $3, $4)",
            self.id,
            FORMAT,
            &self.genesis,
            master
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Creates the log's row and the installation's key if they do not exist.
    pub async fn initialise(pool: &PgPool, master: &MasterKey, id: Uuid) -> Result<(), LogError> {
        let mut transaction = pool.begin().await?;
        sqlx::query!("select pg_advisory_xact_lock(4853002)")
            .fetch_one(&mut *transaction)
            .await?;
        let exists = sqlx::query_scalar!(r#"select exists (select from log) as "exists!""#)
            .fetch_one(&mut *transaction)
            .await?;
        if !exists {
            insert(&mut transaction, pool, master, id).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Opens the log of a database; fails if it was written under another master key.
    pub async fn open(pool: &PgPool, master: &MasterKey) -> Result<Self, LogError> {
        let row = sqlx::query!("select id, format, master_fingerprint from log")
            .fetch_optional(pool)
            .await?
            .ok_or(LogError::Missing)?;
        if row.format != FORMAT {
            return Err(LogError::Format(row.format));
        }
        let found = master.fingerprint();
        if row.master_fingerprint != found {
            return Err(LogError::OtherMasterKey {
                expected: row.master_fingerprint,
                found,
            });
        }
        Ok(Self::from_id(row.id))
    }

    /// The last position and its hash; 0 and genesis if the log is empty.
    pub async fn head(&self, executor: impl PgExecutor<'_>) -> Result<(i64, Vec<u8>), sqlx::Error> {
        let row = sqlx::query!("select position, hash from events order by position desc limit 1")
            .fetch_optional(executor)
            .await?;
        Ok(row.map_or((0, self.genesis.to_vec()), |row| (row.position, row.hash)))
    }

    /// The last position and its hash, and the hash at another position, if it exists.
    pub(crate) async fn head_and_hash_at(
        &self,
        executor: impl PgExecutor<'_>,
        at: i64,
    ) -> Result<((i64, Vec<u8>), Option<Vec<u8>>), sqlx::Error> {
        let row = sqlx::query!(
            r#"select last.position, last.hash, (select e.hash from events e where e.position = $1) as at
               from (select position, hash from events order by position desc limit 1) as last"#,
            at
        )
        .fetch_optional(executor)
        .await?;
        Ok(match row {
            Some(row) => ((row.position, row.hash), row.at),
            None => ((0, self.genesis.to_vec()), None),
        })
    }
}

async fn insert(
    transaction: &mut PgConnection,
    pool: &PgPool,
    master: &MasterKey,
    id: Uuid,
) -> Result<(), LogError> {
    Log::from_id(id)
        .record(transaction, &master.fingerprint())
        .await?;
    let key = Keys::new(pool.clone(), id, master).create(Subject::new("installation", id))?;
    sqlx::query!(
        "insert into subject_keys (subject, wrapped, master) values ($1, $2, $3)",
        key.subject.as_str(),
        key.wrapped,
        key.master
    )
    .execute(transaction)
    .await?;
    Ok(())
}

/// One row of the log, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    pub position: i64,
    pub event_id: Uuid,
    pub command_id: Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub scope: String,
    pub event_type: String,
    pub event_version: String,
    pub metadata: String,
    pub payload: String,
    pub recorded_at: DateTime<Utc>,
    pub hash: Vec<u8>,
}

impl RecordedEvent {
    /// The hash that this row must have in the chain.
    pub fn expected_hash(&self, log: &Log, previous: &[u8]) -> Hash {
        let digest = chain::digest(
            log.id,
            &Fields {
                event_id: self.event_id,
                command_id: self.command_id,
                aggregate_type: &self.aggregate_type,
                aggregate_id: &self.aggregate_id,
                sequence: self.sequence,
                scope: &self.scope,
                event_type: &self.event_type,
                event_version: &self.event_version,
                metadata: &self.metadata,
                payload: &self.payload,
            },
        );
        let micros = self.recorded_at.timestamp_micros();
        chain::hash(previous, self.position, micros, &digest)
    }

    /// Reads fields of the payload, in the current form of the event. Personal fields are sealed.
    pub fn read_fields<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        match Event::find_type(&self.aggregate_type, &self.event_type) {
            Some(known) if !known.upcasters.is_empty() => {
                let mut payload = serde_json::from_str(&self.payload)?;
                known.upcast(&self.event_version, &mut payload);
                serde_json::from_value(payload)
            }
            Some(_) | None => serde_json::from_str(&self.payload),
        }
    }

    /// The event as `docs/log-format` fixes it: metadata and payload are strings that hold the stored text.
    pub fn to_line(&self) -> Value {
        json!({
            "position": self.position, "event_id": self.event_id, "command_id": self.command_id,
            "aggregate_type": self.aggregate_type, "aggregate_id": self.aggregate_id, "sequence": self.sequence,
            "scope": self.scope, "event_type": self.event_type,
            // Stored as decimal text, written only by this program.
            "event_version": self.event_version.parse::<i64>().unwrap_or_default(),
            "metadata": self.metadata, "payload": self.payload,
            "recorded_at": self.recorded_at.timestamp_micros(), "hash": hex::encode(&self.hash),
        })
    }

    /// Parses an event from its line.
    pub fn from_line(line: &Value) -> Option<Self> {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let id = |name: &str| Uuid::parse_str(line[name].as_str()?).ok();
        Some(Self {
            position: line["position"].as_i64()?,
            event_id: id("event_id")?,
            command_id: id("command_id")?,
            aggregate_type: text("aggregate_type")?,
            aggregate_id: text("aggregate_id")?,
            sequence: line["sequence"].as_i64()?,
            scope: text("scope")?,
            event_type: text("event_type")?,
            event_version: line["event_version"].as_i64()?.to_string(),
            metadata: text("metadata")?,
            payload: text("payload")?,
            recorded_at: DateTime::from_timestamp_micros(line["recorded_at"].as_i64()?)?,
            hash: hex::decode(line["hash"].as_str()?).ok()?,
        })
    }

    fn into_opened(self, event: Event) -> Result<OpenedEvent, LogError> {
        Ok(OpenedEvent {
            event,
            position: self.position,
            event_id: self.event_id,
            aggregate_id: Uuid::parse_str(&self.aggregate_id)
                .map_err(|_| LogError::Unreadable(self.position))?,
            sequence: self.sequence,
            scope: self.scope,
            recorded_at: self.recorded_at,
            hash: self.hash,
        })
    }

    fn seal_context(&self, log: &Log) -> SealContext<'_> {
        SealContext {
            log_id: log.id,
            aggregate_type: &self.aggregate_type,
            aggregate_id: &self.aggregate_id,
            sequence: self.sequence,
            event_type: &self.event_type,
        }
    }
}

/// At most `limit` events after a position, in order.
pub async fn read(
    executor: impl PgExecutor<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordedEvent>, sqlx::Error> {
    sqlx::query_as!(
        RecordedEvent,
        r#"select position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                  event_version, metadata::text as "metadata!", payload::text as "payload!", recorded_at, hash
           from events where position > $1 order by position limit $2"#,
        after,
        limit
    )
    .fetch_all(executor)
    .await
}

/// Selects events.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub aggregate_id: Option<String>,
    pub event_type: Option<String>,
}

/// At most `limit` events after a position that match a filter, in order.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordedEvent>, sqlx::Error> {
    // Naming the types lets the query for one id use the index of aggregates.
    sqlx::query_as!(
        RecordedEvent,
        r#"select position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                  event_version, metadata::text as "metadata!", payload::text as "payload!", recorded_at, hash
           from events
           where position > $1
             and ($2::text is null or (aggregate_type = any($3) and aggregate_id = $2))
             and ($4::text is null or event_type = $4)
           order by position limit $5"#,
        after,
        filter.aggregate_id,
        &domain::AGGREGATE_TYPES.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
        filter.event_type,
        limit
    )
    .fetch_all(pool)
    .await
}

/// At most `limit` events of one stream after a position, in order.
pub async fn read_scope(
    pool: &PgPool,
    scope: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordedEvent>, sqlx::Error> {
    sqlx::query_as!(
        RecordedEvent,
        r#"select position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                  event_version, metadata::text as "metadata!", payload::text as "payload!", recorded_at, hash
           from events where scope = $1 and position > $2 order by position limit $3"#,
        scope,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// The hash at a position, if it exists.
pub async fn hash_at(
    executor: impl PgExecutor<'_>,
    position: i64,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("select hash from events where position = $1", position)
        .fetch_optional(executor)
        .await
}

/// The last position; 0 if the log is empty.
pub async fn last_position(executor: impl PgExecutor<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select coalesce(max(position), 0) as "position!" from events"#)
        .fetch_one(executor)
        .await
}

/// How many seconds ago an event was recorded, by the database's clock.
pub async fn age_seconds(
    executor: impl PgExecutor<'_>,
    position: i64,
) -> Result<Option<f64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select extract(epoch from clock_timestamp() - recorded_at)::float8 as "age!" from events where position = $1"#,
        position
    )
    .fetch_optional(executor)
    .await
}

/// The position of an aggregate's first event.
pub async fn first_position(
    pool: &PgPool,
    aggregate_type: &str,
    aggregate_id: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select position from events where aggregate_type = $1 and aggregate_id = $2 and sequence = 1",
        aggregate_type,
        aggregate_id
    )
    .fetch_optional(pool)
    .await
}

/// At most `limit` events of some streams after one position up to another, in order.
pub async fn read_scopes(
    pool: &PgPool,
    scopes: &[String],
    (after, until): (i64, i64),
    limit: i64,
) -> Result<Vec<RecordedEvent>, sqlx::Error> {
    // Selects positions by an index-only scan, then reads the rows.
    sqlx::query_as!(
        RecordedEvent,
        r#"with wanted as (
               select e.position from unnest($1::text[]) as s (scope)
               cross join lateral (select position from events where scope = s.scope and position > $2
                                   and position <= $3 order by position limit $4) as e
               order by e.position limit $4)
           select position, event_id, command_id, aggregate_type, aggregate_id, sequence, scope, event_type,
                  event_version, metadata::text as "metadata!", payload::text as "payload!", recorded_at, hash
           from events join wanted using (position) order by position"#,
        scopes,
        after,
        until,
        limit
    )
    .fetch_all(pool)
    .await
}
