//! What was used, over a stretch of days.

use chrono::{Days, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use projections::analytics::usage::{By, Stretch, Usage};

use crate::problem::Problem;
use crate::response::money;

/// Days when none are given, the last of them today.
const USUAL: u64 = 30;
/// Days at most: two years.
const MOST: i64 = 731;

/// What runs are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum UsageBy {
    /// In UTC.
    Day,
    Model,
    Assistant,
    User,
}

impl From<UsageBy> for By {
    fn from(by: UsageBy) -> Self {
        match by {
            UsageBy::Day => Self::Day,
            UsageBy::Model => Self::Model,
            UsageBy::Assistant => Self::Assistant,
            UsageBy::User => Self::User,
        }
    }
}

/// What was used on a day, of a model, by an assistant or a person.
#[derive(Debug, Object)]
#[oai(rename = "Usage")]
pub struct UsageResource {
    /// The day as YYYY-MM-DD, the id of the model, or that of the assistant or the user.
    pub key: String,
    /// What the assistant or the user is called; null where it is gone, and for days and models.
    pub name: Option<String>,
    /// Answers that were asked for.
    pub responses: i64,
    pub completed: i64,
    pub failed: i64,
    pub interrupted: i64,
    pub cancelled: i64,
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// Answers that their readers found good, and those that they did not.
    pub rated_up: i64,
    pub rated_down: i64,
    /// In the currency of `models.prices`; null where nothing that was asked has a price.
    pub cost: Option<f64>,
    /// From the question to the end of a completed answer; null where there is none.
    pub median_seconds: Option<f64>,
    pub p95_seconds: Option<f64>,
}

impl From<Usage> for UsageResource {
    fn from(usage: Usage) -> Self {
        Self {
            key: usage.key,
            name: usage.name,
            responses: usage.responses,
            completed: usage.completed,
            failed: usage.failed,
            interrupted: usage.interrupted,
            cancelled: usage.cancelled,
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            rated_up: usage.rated_up,
            rated_down: usage.rated_down,
            cost: usage.cost.map(money),
            median_seconds: usage.median_seconds,
            p95_seconds: usage.p95_seconds,
        }
    }
}

/// What was used over a stretch of days.
#[derive(Debug, Object)]
pub struct UsageList {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Days in their order; models, assistants and users by how much they were used.
    pub items: Vec<UsageResource>,
}

/// The days that are meant: the last thirty unless said otherwise.
pub fn stretch(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Stretch, Problem> {
    let until = until.unwrap_or_else(|| Utc::now().date_naive());
    let usual = until
        .checked_sub_days(Days::new(USUAL - 1))
        .unwrap_or(until);
    let stretch = Stretch {
        from: from.unwrap_or(usual),
        until,
    };
    let detail = match stretch.days() {
        days if days < 1 => "from must not lie after until".to_owned(),
        days if days > MOST => format!("from and until may lie at most {MOST} days apart"),
        _ => return Ok(stretch),
    };
    Err(Problem::invalid("from", "out_of_range", detail))
}
