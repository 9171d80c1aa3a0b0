//! What was used: runs, tokens and times over a stretch of days, counted anew from the runs with every question.

use chrono::{Days, NaiveDate};
use sqlx::PgPool;
use uuid::Uuid;

/// What runs are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// In UTC.
    Day,
    Model,
    Assistant,
    User,
}

impl Grouping {
    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Model => "model",
            Self::Assistant => "assistant",
            Self::User => "user",
        }
    }
}

/// Days in UTC, the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl DateRange {
    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.until - self.from).num_days() + 1
    }
}

/// What was used on a day, of a model, by an assistant or a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// The day, the model's name, or an id.
    pub key: String,
    /// What an assistant or a person is called, where they are still there.
    pub name: Option<String>,
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
    /// In millionths of the currency of the prices; none where nothing that was asked has a price.
    pub cost: Option<i64>,
    /// From the question to the end of a completed answer.
    pub median_seconds: Option<f64>,
    pub p95_seconds: Option<f64>,
}

/// Days in their order, each of them; of the rest those that were used, the most used first.
/// Private assistants of others have no name here.
pub async fn usage(
    pool: &PgPool,
    reader: Uuid,
    by: Grouping,
    stretch: DateRange,
) -> Result<Vec<Usage>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Usage,
        r#"with used as (
               select case $3 when 'day' then to_char(requested_at at time zone 'UTC', 'YYYY-MM-DD')
                              when 'model' then r.model
                              when 'assistant' then assistant_id::text
                              else requested_by::text end as key,
                      count(*) as responses,
                      count(*) filter (where r.status = 'completed') as completed,
                      count(*) filter (where r.status = 'failed') as failed,
                      count(*) filter (where r.status = 'interrupted') as interrupted,
                      count(*) filter (where r.status = 'cancelled') as cancelled,
                      coalesce(sum(r.input_tokens), 0)::bigint as input_tokens,
                      coalesce(sum(r.output_tokens), 0)::bigint as output_tokens,
                      sum(cost)::bigint as cost,
                      count(*) filter (where m.feedback = 'up') as rated_up,
                      count(*) filter (where m.feedback = 'down') as rated_down,
                      percentile_cont(array[0.5, 0.95]) within group (
                          order by extract(epoch from ended_at - requested_at)::float8)
                          filter (where r.status = 'completed') as seconds
               from view_responses r join view_messages m on m.id = r.message_id
               where requested_at >= $1::date::timestamp at time zone 'UTC'
                 and requested_at < ($2::date + 1)::timestamp at time zone 'UTC'
               group by 1)
           select key as "key!", coalesce(a.name, u.display_name) as name, responses as "responses!",
                  completed as "completed!", failed as "failed!", interrupted as "interrupted!",
                  cancelled as "cancelled!", input_tokens as "input_tokens!", output_tokens as "output_tokens!", cost,
                  rated_up as "rated_up!", rated_down as "rated_down!",
                  seconds[1] as median_seconds, seconds[2] as p95_seconds
           from used
           left join view_assistants a on $3 = 'assistant' and a.id::text = key
                and (a.visibility = 'everyone' or a.owner_id = $4)
           left join view_users u on $3 = 'user' and u.id::text = key
           order by case when $3 = 'day' then key end, responses desc, key"#,
        stretch.from,
        stretch.until,
        by.name(),
        reader
    )
    .fetch_all(pool)
    .await?;
    Ok(match by {
        Grouping::Day => every_day(rows, stretch),
        Grouping::Model | Grouping::Assistant | Grouping::User => rows,
    })
}

/// Days without a run are days as well.
fn every_day(rows: Vec<Usage>, stretch: DateRange) -> Vec<Usage> {
    let mut rows = rows.into_iter().peekable();
    let days = (0..stretch.days()).filter_map(|number| {
        let number = u64::try_from(number).ok()?;
        stretch.from.checked_add_days(Days::new(number))
    });
    days.map(|day| {
        let key = day.to_string();
        let used = rows.next_if(|row| row.key == key);
        used.unwrap_or_else(|| Usage {
            key,
            ..Usage::default()
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_without_a_run_are_there_with_nothing() {
        let used = Usage {
            key: "2026-02-28".to_owned(),
            responses: 3,
            ..Usage::default()
        };
        let stretch = DateRange {
            from: day("2026-02-27"),
            until: day("2026-03-01"),
        };
        let days = every_day(vec![used], stretch);
        let days: Vec<(&str, i64)> = days
            .iter()
            .map(|one| (one.key.as_str(), one.responses))
            .collect();
        assert_eq!(
            days,
            [("2026-02-27", 0), ("2026-02-28", 3), ("2026-03-01", 0)]
        );
    }
}
