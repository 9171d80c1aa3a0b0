//! Where the log ended, written down under the master key, in the database and outside of it.
//!
//! The chain has no key: who can write SQL can recompute it, or cut its end off, and it still verifies. An anchor is a
//! position, its hash and a moment with a MAC under the master key, so that nobody else makes one; it holds for
//! everything before it. The log is compared with every anchor that can be found, and with the first lines of backups:
//! who rewrites the log would have to take all of them away as well.

mod file;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::MasterKey;
use crate::backup::Folder;
use crate::chain::{framed, hex, unhex};
use crate::log::Log;
use crate::vault::DataKey;

/// The file in the data folder.
pub const FILE: &str = "anchors";
/// Where the database keeps them.
pub(crate) const TABLE: &str = "log_anchors";
/// Anchors that the database keeps; the newest one holds for all before it.
const KEPT: i64 = 100;

/// The end of a log at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Anchor {
    log_id: Uuid,
    position: i64,
    /// In hex, as the MAC.
    hash: String,
    recorded_at: DateTime<Utc>,
    /// The log was put back to this end on purpose: what was seen of a later end before is void.
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
            hash: hex(hash),
            recorded_at,
            restored,
            mac: String::new(),
        };
        anchor.mac = anchor
            .signed(key)
            .map_or_else(String::new, |mac| hex(&mac.finalize().into_bytes()));
        anchor
    }

    fn is_ours(&self, key: &DataKey) -> bool {
        let mac = unhex(&self.mac).unwrap_or_default();
        self.signed(key)
            .is_some_and(|signed| signed.verify_slice(&mac).is_ok())
    }

    fn signed(&self, key: &DataKey) -> Option<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
        mac.update(&framed(&[
            self.log_id.hyphenated().to_string().as_bytes(),
            &self.position.to_be_bytes(),
            self.hash.as_bytes(),
            &self.recorded_at.timestamp_micros().to_be_bytes(),
            &[u8::from(self.restored)],
        ]));
        Some(mac)
    }
}

/// An end of the log that somebody saw.
#[derive(Debug, Clone)]
pub struct Seen {
    pub position: i64,
    /// In hex; nothing where only the position is known.
    pub hash: Option<String>,
    /// Where nothing is known, any restore makes it void.
    pub at: Option<DateTime<Utc>>,
    /// Who, for people.
    pub by: String,
}

/// How the log differs from what was seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first position that is known to differ.
    pub position: i64,
    /// `cut`, `rewritten` or `foreign`.
    pub kind: &'static str,
    /// What, by whom it is known, and what to do.
    pub said: String,
}

/// Why anchors were not read or written.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// Nothing is anchored while the log differs from what was seen of it.
    #[error("{}", .0.said)]
    Differs(Difference),
    #[error("the anchors of the log: {0}")]
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
}

impl Anchors {
    /// `file` is the one outside of the database.
    pub fn new(pool: PgPool, log: Log, master: &MasterKey, file: Option<PathBuf>) -> Self {
        Self {
            pool,
            log,
            master: master.clone(),
            file,
        }
    }

    /// Anchors the end of the log where it has moved. Refused while the log differs from what is known of it: a rewritten
    /// log gets no anchor.
    pub async fn write(&self) -> Result<(), AnchorError> {
        let (position, hash) = self.log.head(&self.pool).await?;
        let anchors = self.all().await?;
        if let Some(difference) = self.compare(&anchors, vec![]).await? {
            return Err(AnchorError::Differs(difference));
        }
        let is_there = |(_, anchor): &(String, Anchor)| anchor.position == position;
        let everywhere = anchors.iter().filter(|one| is_there(one)).count();
        if position == 0 || everywhere > usize::from(self.file.is_some()) {
            return Ok(());
        }
        self.keep((position, &hash), &anchors, false).await
    }

    /// Anchors the end of a log that was put back on purpose: what was seen of a later end is void from now on.
    pub async fn restored(&self) -> Result<(), AnchorError> {
        let (position, hash) = self.log.head(&self.pool).await?;
        let anchors = self.all().await?;
        self.keep((position, &hash), &anchors, true).await
    }

    /// How the log differs from its anchors, from the backups in a folder and from what others have seen.
    pub async fn difference(
        &self,
        folder: Option<&Folder>,
        others: Vec<Seen>,
    ) -> Result<Option<Difference>, AnchorError> {
        let mut seen = others;
        if let Some(folder) = folder {
            seen.extend(folder.backups(self.log.id)?.into_iter().map(|backup| Seen {
                position: backup.head.position,
                hash: Some(backup.head.hash),
                at: Some(backup.head.made_at),
                by: format!("the backup {}", backup.name),
            }));
        }
        let anchors = self.all().await?;
        self.compare(&anchors, seen).await
    }

    async fn keep(
        &self,
        end: (i64, &[u8]),
        known: &[(String, Anchor)],
        restored: bool,
    ) -> Result<(), AnchorError> {
        // Later than every anchor before it, also where a clock was set back: the order says what is void.
        let newest = known.iter().map(|(_, anchor)| anchor.recorded_at).max();
        let next = newest.map(|newest| newest + TimeDelta::microseconds(1));
        let now = DateTime::from_timestamp_micros(Utc::now().timestamp_micros());
        let at = now.unwrap_or_default().max(next.unwrap_or_default());
        let key = self.master.anchor_key(self.log.id);
        let anchor = Anchor::new(&key, self.log.id, end, at, restored);
        insert(&self.pool, &anchor).await?;
        if let Some(file) = &self.file {
            file::append(file, &anchor)?;
        }
        Ok(())
    }

    /// The anchors of this log, with where they lie.
    async fn all(&self) -> Result<Vec<(String, Anchor)>, AnchorError> {
        let mut all: Vec<(String, Anchor)> = list(&self.pool, self.log.id)
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
        mut seen: Vec<Seen>,
    ) -> Result<Option<Difference>, AnchorError> {
        let key = self.master.anchor_key(self.log.id);
        if let Some((by, anchor)) = anchors.iter().find(|(_, anchor)| !anchor.is_ours(&key)) {
            return Ok(Some(Difference {
                position: anchor.position,
                kind: "foreign",
                said: format!(
                    "{by} of position {} was not written under this master key: somebody else wrote or changed it; \
                     remove it once you know who",
                    anchor.position
                ),
            }));
        }
        let void = |one: &Seen| {
            anchors.iter().any(|(_, anchor)| {
                // It commits to everything before it, so whatever was seen earlier is answered by it.
                let earlier = one
                    .at
                    .map_or(one.position > anchor.position, |at| at < anchor.recorded_at);
                anchor.restored && earlier
            })
        };
        seen.extend(anchors.iter().map(|(by, anchor)| Seen {
            position: anchor.position,
            hash: Some(anchor.hash.clone()),
            at: Some(anchor.recorded_at),
            by: by.clone(),
        }));
        seen.retain(|one| !void(one));
        seen.sort_by_key(|one| one.position);
        self.first_difference(&seen).await
    }

    /// The lowest position at which the log is not what was seen. `seen` is in the order of positions.
    async fn first_difference(&self, seen: &[Seen]) -> Result<Option<Difference>, AnchorError> {
        let positions: Vec<i64> = seen.iter().map(|one| one.position).collect();
        let rows = sqlx::query!(
            "select position, hash from events where position = any($1)",
            &positions
        )
        .fetch_all(&self.pool)
        .await?;
        let head = self.log.head(&self.pool).await?.0;
        let mut agrees = 0;
        for one in seen.iter().filter(|one| one.position > 0) {
            let row = rows.iter().find(|row| row.position == one.position);
            let same = row.is_some_and(|row| {
                let stored = hex(&row.hash);
                one.hash
                    .as_ref()
                    .is_none_or(|hash| hash.eq_ignore_ascii_case(&stored))
            });
            if !same {
                return Ok(Some(differs(one, agrees, head)));
            }
            agrees = one.position;
        }
        Ok(None)
    }
}

fn differs(seen: &Seen, agrees: i64, head: i64) -> Difference {
    let at = seen.at.map_or_else(String::new, |at| {
        format!(" of {}", at.format("%Y-%m-%d %H:%M:%S UTC"))
    });
    let (by, position) = (&seen.by, seen.position);
    let remedy = "restore a backup from before; where it was done on purpose (a failover to a copy without the end), \
                  `convosphere events verify --accept` says so";
    if position > head {
        return Difference {
            position: head + 1,
            kind: "cut",
            said: format!(
                "the log ends at position {head}, and {by}{at} saw position {position}: its end was cut off; {remedy}"
            ),
        };
    }
    Difference {
        position,
        kind: "rewritten",
        said: format!(
            "position {position} is not what {by}{at} saw: the log was rewritten between position {agrees} and it; \
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
        KEPT
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn list(executor: impl PgExecutor<'_>, log_id: Uuid) -> Result<Vec<Anchor>, sqlx::Error> {
    sqlx::query_as!(
        Anchor,
        "select log_id, position, hash, recorded_at, restored, mac from log_anchors where log_id = $1",
        log_id
    )
    .fetch_all(executor)
    .await
}
