//! Records the end of the log, authenticated by the master key, in the database and outside of it.
//!
//! The chain has no key: anybody who can write SQL can recompute it or truncate the log, and it still verifies. An
//! anchor is a position, its hash and a time with a MAC under the master key, and covers everything before it. The log
//! is compared with all anchors and with the headers of backups, so an attacker who rewrites it would have to remove
//! all of these as well.

mod file;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::log::Log;
use crate::log::chain::frame;
use crate::seal::vault::DataKey;
use crate::{Clock, MasterKey};

/// The file in the data folder.
pub const FILE: &str = "anchors";
/// The table of anchors.
pub(crate) const TABLE: &str = "log_anchors";
/// Maximum number of anchors in the database; the newest covers all events before it.
const MAX_STORED: i64 = 100;

/// The end of a log at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Anchor {
    log_id: Uuid,
    position: i64,
    /// In hex, as the MAC.
    hash: String,
    recorded_at: DateTime<Utc>,
    /// The log was deliberately restored to this end; earlier observations of a later end are void.
    restored: bool,
    mac: String,
}

impl Anchor {
    fn new(
        key: &DataKey,
        log_id: Uuid,
        (position, hash): (i64, &[u8]),
        recorded_at: DateTime<Utc>,
        restored: bool,
    ) -> Self {
        let mut anchor = Self {
            log_id,
            position,
            hash: hex::encode(hash),
            recorded_at,
            restored,
            mac: String::new(),
        };
        anchor.mac = anchor
            .compute_mac(key)
            .map_or_else(String::new, |mac| hex::encode(mac.finalize().into_bytes()));
        anchor
    }

    fn is_ours(&self, key: &DataKey) -> bool {
        let mac = hex::decode(&self.mac).unwrap_or_default();
        self.compute_mac(key)
            .is_some_and(|signed| signed.verify_slice(&mac).is_ok())
    }

    fn compute_mac(&self, key: &DataKey) -> Option<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
        mac.update(&frame(&[
            self.log_id.hyphenated().to_string().as_bytes(),
            &self.position.to_be_bytes(),
            self.hash.as_bytes(),
            &self.recorded_at.timestamp_micros().to_be_bytes(),
            &[u8::from(self.restored)],
        ]));
        Some(mac)
    }
}

/// An end of the log observed at some time.
#[derive(Debug, Clone)]
pub struct Observation {
    pub position: i64,
    /// In hex; `None` if only the position is known.
    pub hash: Option<String>,
    /// If unknown, any restore makes the observation void.
    pub at: Option<DateTime<Utc>>,
    /// The observer, for messages.
    pub by: String,
}

/// How the log differs from an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first position that is known to differ.
    pub position: i64,
    /// `cut`, `rewritten` or `foreign`.
    pub kind: &'static str,
    /// A message with the difference, the observer and the remedy.
    pub message: String,
}

/// Why anchors could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// No anchor is written while the log differs from an observation.
    #[error("{}", .0.message)]
    Differs(Difference),
    #[error("cannot access the anchor file: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The anchors of one log.
#[derive(Debug, Clone)]
pub struct Anchors {
    pool: PgPool,
    log: Log,
    master: MasterKey,
    file: Option<PathBuf>,
    clock: Clock,
}

impl Anchors {
    /// `file` is the path outside of the database.
    pub fn new(
        pool: PgPool,
        log: Log,
        master: &MasterKey,
        file: Option<PathBuf>,
        clock: Clock,
    ) -> Self {
        Self {
            pool,
            log,
            master: master.clone(),
            file,
            clock,
        }
    }

    /// Anchors the end of the log if it has moved. Fails while the log differs from an observation: a rewritten log
    /// gets no anchor.
    pub async fn write(&self) -> Result<(), AnchorError> {
        let (position, hash) = self.log.head(&self.pool).await?;
        let anchors = self.load_all().await?;
        if let Some(difference) = self.compare(&anchors, vec![]).await? {
            return Err(AnchorError::Differs(difference));
        }
        let is_current = |(_, anchor): &(String, Anchor)| anchor.position == position;
        let everywhere = anchors
            .iter()
            .filter(|observation| is_current(observation))
            .count();
        if position == 0 || everywhere > usize::from(self.file.is_some()) {
            return Ok(());
        }
        self.save((position, &hash), &anchors, false).await
    }

    /// Anchors the end of a log after a deliberate restore: observations of a later end become void.
    pub async fn record_restore(&self) -> Result<(), AnchorError> {
        let (position, hash) = self.log.head(&self.pool).await?;
        let anchors = self.load_all().await?;
        self.save((position, &hash), &anchors, true).await
    }

    pub fn log_id(&self) -> Uuid {
        self.log.id
    }

    /// Compares the log with its anchors and with other observations, such as those of backups.
    pub async fn find_difference(
        &self,
        observations: Vec<Observation>,
    ) -> Result<Option<Difference>, AnchorError> {
        let anchors = self.load_all().await?;
        self.compare(&anchors, observations).await
    }

    async fn save(
        &self,
        end: (i64, &[u8]),
        known: &[(String, Anchor)],
        restored: bool,
    ) -> Result<(), AnchorError> {
        // Later than every existing anchor even if the clock was set back: the order decides which observations are
        // void.
        let newest = known.iter().map(|(_, anchor)| anchor.recorded_at).max();
        let next = newest.map(|newest| newest + TimeDelta::microseconds(1));
        let now = DateTime::from_timestamp_micros(self.clock.now().timestamp_micros());
        let at = now.unwrap_or_default().max(next.unwrap_or_default());
        let key = self.master.anchor_key(self.log.id);
        let anchor = Anchor::new(&key, self.log.id, end, at, restored);
        insert(&self.pool, &anchor).await?;
        if let Some(file) = &self.file {
            file::append(file, &anchor)?;
        }
        Ok(())
    }

    /// Loads the anchors of this log, with a description of their source.
    async fn load_all(&self) -> Result<Vec<(String, Anchor)>, AnchorError> {
        let mut all: Vec<(String, Anchor)> = list_stored(&self.pool, self.log.id)
            .await?
            .into_iter()
            .map(|anchor| ("the anchor in the database".to_owned(), anchor))
            .collect();
        if let Some(path) = &self.file {
            let by = format!("the anchor in {}", path.display());
            let of_file = file::read(path)?.into_iter();
            let of_log = of_file.filter(|anchor: &Anchor| anchor.log_id == self.log.id);
            all.extend(of_log.map(|anchor| (by.clone(), anchor)));
        }
        Ok(all)
    }

    async fn compare(
        &self,
        anchors: &[(String, Anchor)],
        mut observations: Vec<Observation>,
    ) -> Result<Option<Difference>, AnchorError> {
        let key = self.master.anchor_key(self.log.id);
        if let Some((by, anchor)) = anchors.iter().find(|(_, anchor)| !anchor.is_ours(&key)) {
            return Ok(Some(Difference {
                position: anchor.position,
                kind: "foreign",
                message: format!(
                    "{by} of position {} was not written under this master key: somebody else wrote or changed it; \
                     remove it once you know who",
                    anchor.position
                ),
            }));
        }
        let is_void = |observation: &Observation| {
            anchors.iter().any(|(_, anchor)| {
                // It covers everything before it and supersedes earlier observations.
                let earlier = observation
                    .at
                    .map_or(observation.position > anchor.position, |at| {
                        at < anchor.recorded_at
                    });
                anchor.restored && earlier
            })
        };
        observations.extend(anchors.iter().map(|(by, anchor)| Observation {
            position: anchor.position,
            hash: Some(anchor.hash.clone()),
            at: Some(anchor.recorded_at),
            by: by.clone(),
        }));
        observations.retain(|observation| !is_void(observation));
        observations.sort_by_key(|observation| observation.position);
        self.first_difference(&observations).await
    }

    /// The lowest position at which the log differs. `observations` is in the order of positions.
    async fn first_difference(
        &self,
        observations: &[Observation],
    ) -> Result<Option<Difference>, AnchorError> {
        let positions: Vec<i64> = observations
            .iter()
            .map(|observation| observation.position)
            .collect();
        let rows = sqlx::query!(
            "select position, hash from events where position = any($1)",
            &positions
        )
        .fetch_all(&self.pool)
        .await?;
        let head = self.log.head(&self.pool).await?.0;
        let mut last_match = 0;
        for observation in observations
            .iter()
            .filter(|observation| observation.position > 0)
        {
            let row = rows.iter().find(|row| row.position == observation.position);
            let same = row.is_some_and(|row| {
                let stored = hex::encode(&row.hash);
                observation
                    .hash
                    .as_ref()
                    .is_none_or(|hash| hash.eq_ignore_ascii_case(&stored))
            });
            if !same {
                return Ok(Some(describe_difference(observation, last_match, head)));
            }
            last_match = observation.position;
        }
        Ok(None)
    }
}

fn describe_difference(observations: &Observation, last_match: i64, head: i64) -> Difference {
    let at = observations.at.map_or_else(String::new, |at| {
        format!(" of {}", at.format("%Y-%m-%d %H:%M:%S UTC"))
    });
    let (by, position) = (&observations.by, observations.position);
    let remedy = "restore a backup from before; where it was done on purpose (a failover to a copy without the end), \
                  `convosphere events verify --accept` says so";
    if position > head {
        return Difference {
            position: head + 1,
            kind: "cut",
            message: format!(
                "the log ends at position {head}, and {by}{at} saw position {position}: its end was cut off; {remedy}"
            ),
        };
    }
    Difference {
        position,
        kind: "rewritten",
        message: format!(
            "position {position} is not what {by}{at} saw: the log was rewritten between position {last_match} and it; \
             {remedy}"
        ),
    }
}

async fn insert(pool: &PgPool, anchor: &Anchor) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into log_anchors (log_id, position, hash, recorded_at, restored, mac) values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        anchor.log_id,
        anchor.position,
        anchor.hash,
        anchor.recorded_at,
        anchor.restored,
        anchor.mac
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "delete from log_anchors where not restored and recorded_at <
            (select recorded_at from log_anchors where not restored order by recorded_at desc offset $1 limit 1)",
        MAX_STORED
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn list_stored(
    executor: impl PgExecutor<'_>,
    log_id: Uuid,
) -> Result<Vec<Anchor>, sqlx::Error> {
    sqlx::query_as!(
        Anchor,
        "select log_id, position, hash, recorded_at, restored, mac from log_anchors where log_id = $1",
        log_id
    )
    .fetch_all(executor)
    .await
}
