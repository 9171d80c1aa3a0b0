//! One PostgreSQL cluster for all tests of a run, a new migrated database for each test, and other test servers.
//!
//! All test processes share the cluster in `target/test-postgres` through the locks of `local-postgres`. The program
//! `with-postgres` starts it, runs a command and stops it.

#![expect(
    clippy::disallowed_methods,
    reason = "names of databases must only differ, and servers end with the test"
)]
#![allow(clippy::expect_used, reason = "a test cannot run without its database")]

pub mod gateway;
mod nats;
mod nats_client;
pub mod provider;
mod proxy;
pub mod s3;
pub mod scripted;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Context;
use local_postgres::{Cluster, Options, service_identity};
use sqlx::migrate::{Migrate, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

pub use nats::NatsServer;
pub use nats_client::{NatsClient, NatsMessage};
pub use proxy::Proxy;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");
/// The advisory lock that guards the creation of the template database; the product does not use this number.
const TEMPLATE_LOCK: i64 = 4_853_900;

/// The folder of the shared cluster: the same for every test process.
pub fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")),
        PathBuf::from,
    );
    target.join("test-postgres")
}

/// Opens the shared cluster. Durability is off; tests that need it start their own cluster.
pub fn open_cluster() -> anyhow::Result<Cluster> {
    let options = Options {
        folder: accessible_folder(&folder())?,
        extra_binaries: tools(),
        run_as: service_identity(),
        settings: [
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=64MB",
            "max_connections=400",
        ]
        .map(str::to_owned)
        .into(),
        ..Options::default()
    };
    Cluster::open(&options).context("the test cluster")
}

/// The folders to which `make run` and `make test` download server binaries.
pub fn tools() -> Vec<PathBuf> {
    vec![PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.tools/postgres/bin"
    ))]
}

/// A folder that the server's user can access: uses /tmp instead of a folder below /root.
fn accessible_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    if service_identity().is_some() && folder.starts_with("/root") {
        return Ok(PathBuf::from("/tmp/convosphere-test-postgres"));
    }
    Ok(folder)
}

/// Connection options for a database of the shared cluster.
pub fn connect_options(cluster: &Cluster, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(cluster.socket_folder())
        .username("convosphere")
        .database(database)
}

/// Creates a migrated database without a log row for a test.
pub async fn database() -> PgPool {
    try_database(20).await.expect("a database for the test")
}

/// Creates a migrated database and returns its URL, for programs that a test starts.
pub async fn database_url() -> String {
    let name = new_database().await.expect("a database for the test");
    url(cluster(), &name)
}

/// Copies a database in its current state, like a standby that lost replication, and returns the URL of the copy. Closes
/// all connections to the original.
pub async fn copy_database(database_url: &str) -> String {
    let (start, _) = database_url
        .split_once('?')
        .expect("the URL of a test database");
    let (_, original) = start.rsplit_once('/').expect("the URL of a test database");
    let cluster = tokio::task::spawn_blocking(cluster)
        .await
        .expect("a cluster");
    let options = connect_options(cluster, "postgres");
    let admin = PgConnection::connect_with(&options).await;
    let mut admin = admin.expect("a connection");
    let name = format!("test_{}", Uuid::now_v7().simple());
    let statement = format!("create database {name} template {original}");
    loop {
        match sqlx::query(&statement).execute(&mut admin).await {
            Err(error) if is_in_use(&error) => {
                let terminate =
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
                let terminated = sqlx::query(terminate)
                    .bind(original)
                    .execute(&mut admin)
                    .await;
                terminated.expect("the connections to be closed");
            }
            created => {
                created.expect("a copy of the database");
                return url(cluster, &name);
            }
        }
    }
}

fn is_in_use(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.code().as_deref() == Some("55006"))
}

/// The URL of a database of a cluster.
pub fn url(cluster: &Cluster, database: &str) -> String {
    let host = cluster.socket_folder().display().to_string();
    format!("postgres://convosphere@localhost/{database}?host={host}")
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| open_cluster().expect("a cluster for the tests"))
}

async fn try_database(connections: u32) -> anyhow::Result<PgPool> {
    let name = new_database().await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .connect_with(connect_options(cluster(), &name))
        .await?;
    Ok(pool)
}

async fn new_database() -> anyhow::Result<String> {
    let cluster = tokio::task::spawn_blocking(cluster).await?;
    let mut admin = PgConnection::connect_with(&connect_options(cluster, "postgres")).await?;
    create_database(&mut admin, cluster).await
}

/// Creates a migrated database and returns its name.
pub async fn create_database(
    admin: &mut PgConnection,
    cluster: &Cluster,
) -> anyhow::Result<String> {
    let template = ensure_template(admin, cluster).await?;
    let name = format!("test_{}", Uuid::now_v7().simple());
    sqlx::query(&format!("create database {name} template {template}"))
        .execute(admin)
        .await?;
    Ok(name)
}

/// Creates the migrated template database once for each set of migrations.
async fn ensure_template(admin: &mut PgConnection, cluster: &Cluster) -> anyhow::Result<String> {
    let mut state = std::hash::DefaultHasher::new();
    for migration in MIGRATIONS.iter() {
        std::hash::Hash::hash(&migration.checksum, &mut state);
    }
    let name = format!("template_{:016x}", std::hash::Hasher::finish(&state));
    sqlx::query("select pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *admin)
        .await?;
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *admin)
            .await?;
    if !exists {
        create_template(admin, cluster, &name).await?;
    }
    sqlx::query("select pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(admin)
        .await?;
    Ok(name)
}

async fn create_template(
    admin: &mut PgConnection,
    cluster: &Cluster,
    name: &str,
) -> anyhow::Result<()> {
    let unfinished = format!("unfinished_{name}");
    for statement in [
        format!("drop database if exists {unfinished}"),
        format!("create database {unfinished}"),
    ] {
        sqlx::query(&statement).execute(&mut *admin).await?;
    }
    let mut connection = PgConnection::connect_with(&connect_options(cluster, &unfinished)).await?;
    connection.ensure_migrations_table().await?;
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    sqlx::query(&format!("alter database {unfinished} rename to {name}"))
        .execute(admin)
        .await?;
    Ok(())
}

/// A `multipart/form-data` body with one file, as browsers send it: content type and bytes.
pub fn multipart(name: &str, bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let begin = format!(
        "--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [begin.as_bytes(), bytes, b"\r\n--frame--\r\n"].concat();
    ("multipart/form-data; boundary=frame", body)
}
