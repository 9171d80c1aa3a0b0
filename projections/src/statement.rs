//! Short forms of statements that change rows, checked against the schema like all others.

/// Runs a statement on a connection, whatever number of rows it changes.
macro_rules! execute {
    ($connection:expr, $($query:tt)+) => {
        sqlx::query!($($query)+)
            .execute(&mut *$connection)
            .await
            .map(drop)
    };
}

/// Records in the row of an event's aggregate that the row includes the event. There is no row after a deletion.
macro_rules! save_version {
    ($connection:expr, $table:literal, $opened:expr) => {
        execute!(
            $connection,
            "update " + $table + " set version = $2, updated_at = $3 where id = $1",
            $opened.aggregate_id,
            $opened.sequence,
            $opened.recorded_at
        )
    };
}

/// The pattern of `ilike` for texts that contain this one.
pub(crate) fn contains_pattern(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

/// One column of many rows, which are inserted together.
pub(crate) fn column<'a, R, T>(rows: &'a [R], get: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(get).collect()
}

pub(crate) use execute;
pub(crate) use save_version;
