//! Migrates the schema of the database and checks it before use.

use std::collections::BTreeMap;

use eventstore::MIGRATIONS;
use sqlx::PgPool;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

use crate::failure::{Failure, POOLER_HINT, is_pooler_error};

/// Migrates the schema. Refuses a schema that is newer than this program or that lacks tables.
pub async fn migrate(pool: &PgPool) -> Result<(), Failure> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => check_tables(pool).await,
        Err(MigrateError::VersionMissing(version)) => Err(Failure::Usage(format!(
            "the database was written by a newer version of ConvoSphere: it has schema version {version}, but this \
             program supports {}; use the newer program",
            newest_version()
        ))),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(error.into())
        }
        Err(error) => Err(Failure::failed(error)),
    }
}

fn newest_version() -> i64 {
    let versions = MIGRATIONS.iter().map(|migration| migration.version);
    versions.max().unwrap_or(0)
}

/// Checks that every table that the migrations create exists.
async fn check_tables(pool: &PgPool) -> Result<(), Failure> {
    let tables = expected_tables();
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    let missing: Vec<String> = sqlx::query_scalar(
        "select name from unnest($1::text[]) as name where to_regclass(name) is null",
    )
    .bind(&names)
    .fetch_all(pool)
    .await?;
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let created_by = tables.get(first).copied().unwrap_or_default();
    Err(Failure::Usage(format!(
        "the database has schema version {} but lacks {}, which version {created_by} creates: an upgrade or a restore is \
         incomplete; restore a backup with `convosphere database restore` into an empty database",
        newest_version(),
        missing.join(", ")
    )))
}

/// The tables that exist after all migrations, each with the version that created it.
fn expected_tables() -> BTreeMap<String, i64> {
    let mut tables = BTreeMap::new();
    for migration in MIGRATIONS.iter() {
        let text = migration
            .sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"));
        let text = text.collect::<Vec<_>>().join(" ").to_lowercase();
        for statement in text.split(';') {
            let mut words = statement.split(|c: char| c.is_whitespace() || c == '(' || c == ',');
            let mut words = words.by_ref().filter(|word| !word.is_empty());
            let (verb, kind) = (words.next(), words.next());
            let names = words.skip_while(|word| ["if", "not", "exists"].contains(word));
            let names: Vec<&str> = names.collect();
            match (verb, kind, names.as_slice()) {
                (Some("create"), Some("table"), [name, ..]) => {
                    tables.insert((*name).to_owned(), migration.version);
                }
                (Some("drop"), Some("table"), names) => {
                    for name in names {
                        tables.remove(*name);
                    }
                }
                (Some("alter"), Some("table"), [name, "rename", "to", other, ..])
                    if tables.remove(*name).is_some() =>
                {
                    tables.insert((*other).to_owned(), migration.version);
                }
                _ => {}
            }
        }
    }
    tables
}

/// Checks that new tables are created in the schema in which they are queried.
pub async fn check_search_path(pool: &PgPool) -> Result<(), Failure> {
    let (schema, may_use): (Option<String>, bool) = sqlx::query_as(
        "select current_schema()::text, has_schema_privilege('public', 'create, usage')",
    )
    .fetch_one(pool)
    .await?;
    if schema.as_deref() == Some("public") && may_use {
        return Ok(());
    }
    let schema = schema.unwrap_or_else(|| "none".to_owned());
    Err(Failure::Usage(format!(
        "database.url: ConvoSphere needs its tables in the schema public, but this role would create them in {schema}; \
         remove search_path from the URL and from the role, and `grant create, usage on schema public` to it"
    )))
}

/// Distinguishes a database that may become available from one that refuses the connection.
pub fn connection_failure(error: &sqlx::Error) -> Failure {
    if let sqlx::Error::Tls(why) = error {
        return Failure::Usage(format!(
            "database.url requires TLS (sslmode), but the connection has none: {why}; configure TLS on the server, or \
             remove sslmode if the network is trusted"
        ));
    }
    let text = format!("cannot reach the database of database.url: {error}");
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.as_deref();
    if is_pooler_error(code) {
        return Failure::Usage(POOLER_HINT.to_owned());
    }
    match code.is_some_and(|code| code.starts_with("28") || code.starts_with("3D")) {
        true => Failure::Usage(text),
        false => Failure::Unavailable(text),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, PgConnection};

    use super::*;

    #[tokio::test]
    async fn a_prepared_statement_of_another_client_is_reported_as_a_pooler() {
        let url = testing::database_url().await;
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let prepare = "prepare sqlx_s_1 as select 1";
        sqlx::raw_sql(prepare)
            .execute(&mut connection)
            .await
            .unwrap();
        let error = sqlx::query("select $1::int")
            .bind(1)
            .execute(&mut connection)
            .await;
        let failure = Failure::from(error.unwrap_err());
        assert!(matches!(&failure, Failure::Usage(_)), "{failure}");
        assert!(failure.to_string().contains("pool_mode = session"));
    }

    #[tokio::test]
    async fn a_missing_table_is_reported_with_both_versions() {
        let url = testing::database_url().await;
        let pool = PgPool::connect(&url).await.unwrap();
        migrate(&pool).await.unwrap();
        check_search_path(&pool).await.unwrap();
        let tables = expected_tables();
        assert!(tables.len() > 20, "{tables:?}");
        let newest = newest_version().to_string();
        for (table, version) in tables {
            let rename = |from: &str, to: &str| format!("alter table {from} rename to {to}");
            let away = rename(&table, "elsewhere");
            sqlx::raw_sql(&away).execute(&pool).await.unwrap();
            let text = migrate(&pool).await.unwrap_err().to_string();
            for wanted in [&table, &version.to_string(), &newest] {
                assert!(text.contains(wanted), "{text}");
            }
            let back = rename("elsewhere", &table);
            sqlx::raw_sql(&back).execute(&pool).await.unwrap();
        }
        let newer =
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                     values (99990101000000, 'later', true, '', 0)";
        sqlx::raw_sql(newer).execute(&pool).await.unwrap();
        let text = migrate(&pool).await.unwrap_err().to_string();
        assert!(
            text.contains("99990101000000") && text.contains(&newest),
            "{text}"
        );
    }

    #[tokio::test]
    async fn another_schema_is_refused_in_one_line() {
        let url = testing::database_url().await;
        let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
        let pool = PgPool::connect_with(options.options([("search_path", "convo")]))
            .await
            .unwrap();
        for exists in [false, true] {
            if exists {
                sqlx::raw_sql("create schema convo")
                    .execute(&pool)
                    .await
                    .unwrap();
            }
            let text = check_search_path(&pool).await.unwrap_err().to_string();
            assert!(text.contains("search_path"), "{text}");
            assert!(!text.contains('\n'));
        }
    }

    #[tokio::test]
    async fn a_server_without_tls_is_reported_at_once() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut request = [0; 8];
                let _ = client.read_exact(&mut request).await;
                let _ = client.write_all(b"N").await;
            }
        });
        let url = format!("postgres://a@127.0.0.1:{port}/a?sslmode=require");
        let error = PgPool::connect(&url).await.unwrap_err();
        let failure = connection_failure(&error);
        assert!(matches!(failure, Failure::Usage(_)), "{failure}");
        assert!(failure.to_string().contains("sslmode"), "{failure}");
    }
}
