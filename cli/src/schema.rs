//! The schema of the database: brought up to date, and looked at before anything relies on it.

use std::collections::BTreeMap;

use eventstore::MIGRATIONS;
use sqlx::PgPool;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

use crate::failure::{Failure, POOLER, through_a_pooler};

/// Brings the schema up to date. One that is newer, or that lacks what it is recorded to have, is refused.
pub async fn migrate(pool: &PgPool) -> Result<(), Failure> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => whole(pool).await,
        Err(MigrateError::VersionMissing(version)) => Err(Failure::Usage(format!(
            "the database was written by a newer version of ConvoSphere: it has the schema {version}, and this version \
             knows {}; use that version",
            newest()
        ))),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(error.into())
        }
        Err(error) => Err(Failure::failed(error)),
    }
}

fn newest() -> i64 {
    MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0)
}

/// Each table that a recorded migration makes is there.
async fn whole(pool: &PgPool) -> Result<(), Failure> {
    let tables = tables();
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
    let made_by = tables.get(first).copied().unwrap_or_default();
    Err(Failure::Usage(format!(
        "the database is recorded to have the schema {}, and lacks {}, which the schema {made_by} brought: half of an \
         upgrade or of a restore is missing; restore a backup (`convosphere database restore`) into an empty database",
        newest(),
        missing.join(", ")
    )))
}

/// The tables that are there after all migrations, each with the version that made it.
fn tables() -> BTreeMap<String, i64> {
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

/// Whether the tables go where they are looked for.
pub async fn usable(pool: &PgPool) -> Result<(), Failure> {
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
        "database.url: the tables of ConvoSphere are in the schema public, and this role would make them in {schema}: take \
         search_path out of the URL and of the role, and `grant create, usage on schema public` to it"
    )))
}

/// A database that is away may come; one that does not let us in will not.
pub fn unreachable_database(error: &sqlx::Error) -> Failure {
    if let sqlx::Error::Tls(why) = error {
        return Failure::Usage(format!(
            "database.url asks for TLS (sslmode), and there is none with that server: {why}; set it up there, or take \
             sslmode out where the way to it is safe"
        ));
    }
    let text = format!("the database of database.url cannot be reached: {error}");
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.as_deref();
    if through_a_pooler(code) {
        return Failure::Usage(POOLER.to_owned());
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
    async fn statements_of_others_in_the_same_session_name_the_pooler() {
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
    async fn a_table_that_is_missing_behind_its_migration_is_named_with_both_versions() {
        let url = testing::database_url().await;
        let pool = PgPool::connect(&url).await.unwrap();
        migrate(&pool).await.unwrap();
        usable(&pool).await.unwrap();
        assert!(tables().len() > 20, "{:?}", tables());
        // Whichever it is.
        for (table, version) in tables() {
            let rename = |from: &str, to: &str| format!("alter table {from} rename to {to}");
            let away = rename(&table, "elsewhere");
            sqlx::raw_sql(&away).execute(&pool).await.unwrap();
            let text = migrate(&pool).await.unwrap_err().to_string();
            for wanted in [table.clone(), version.to_string(), newest().to_string()] {
                assert!(text.contains(&wanted), "{text}");
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
            text.contains("99990101000000") && text.contains(&newest().to_string()),
            "{text}"
        );
    }

    #[tokio::test]
    async fn a_schema_of_its_own_is_refused_in_one_line() {
        let url = testing::database_url().await;
        let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
        let pool = PgPool::connect_with(options.options([("search_path", "convo")]))
            .await
            .unwrap();
        for made in [false, true] {
            if made {
                sqlx::raw_sql("create schema convo")
                    .execute(&pool)
                    .await
                    .unwrap();
            }
            let text = usable(&pool).await.unwrap_err().to_string();
            assert!(text.contains("search_path"), "{text}");
            assert!(!text.contains('\n'));
        }
    }

    #[tokio::test]
    async fn a_server_without_tls_is_named_at_once() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut asked = [0; 8];
                let _ = client.read_exact(&mut asked).await;
                let _ = client.write_all(b"N").await;
            }
        });
        let url = format!("postgres://a@127.0.0.1:{port}/a?sslmode=require");
        let error = PgPool::connect(&url).await.unwrap_err();
        let failure = unreachable_database(&error);
        assert!(matches!(failure, Failure::Usage(_)), "{failure}");
        assert!(failure.to_string().contains("sslmode"), "{failure}");
    }
}
