//! Connections that break at the commit: the outcome of the batch is looked up, and every command takes effect once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use domain::user::{ChangePassword, ChangeRole, Role};
use eventstore::command::{Context, Execution, step};
use eventstore::log::verify;
use eventstore::{Log, log};
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID, TestWrite, master};

const NOT: u8 = 0;
/// The next request does not reach the database.
const BEFORE: u8 = 1;
/// The database executes the next request, but its response is lost.
const AFTER: u8 = 2;

/// A proxy to the database that can cut connections.
struct Proxy {
    folder: tempfile::TempDir,
    cut: Arc<AtomicU8>,
}

impl Proxy {
    fn start(sockets: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = ".s.PGSQL.5432";
        let listener = UnixListener::bind(folder.path().join(name)).unwrap();
        let (server, cut) = (sockets.join(name), Arc::new(AtomicU8::new(NOT)));
        let proxy = Self {
            folder,
            cut: cut.clone(),
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&server).await.unwrap();
                // Both ends of the connection are closed when this task ends.
                tokio::spawn(forward(client, server, cut.clone()));
            }
        });
        proxy
    }
}

async fn forward(
    mut client: UnixStream,
    mut server: UnixStream,
    cut: Arc<AtomicU8>,
) -> std::io::Result<()> {
    let (mut request, mut response) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            taken = client.read(&mut request) => {
                let taken = taken?;
                let cut = cut.swap(NOT, Ordering::SeqCst);
                if taken == 0 || cut == BEFORE {
                    return Ok(());
                }
                server.write_all(&request[..taken]).await?;
                if cut == AFTER {
                    // The response shows that the request was executed; it is discarded.
                    let _bytes = server.read(&mut response).await?;
                    return Ok(());
                }
            }
            taken = server.read(&mut response) => match taken? {
                0 => return Ok(()),
                taken => client.write_all(&response[..taken]).await?,
            },
        }
    }
}

/// A log whose writer connects through the proxy.
async fn start() -> (Fixture, Proxy) {
    let url = testing::database_url().await;
    let (start, sockets) = url.split_once("host=").unwrap();
    let proxy = Proxy::start(Path::new(sockets));
    let pool = PgPool::connect(&url).await.unwrap();
    let cut = format!("{start}host={}", proxy.folder.path().display());
    let cut = PgPool::connect(&cut).await.unwrap();
    Log::initialise(&pool, &master(), LOG_ID).await.unwrap();
    (Fixture::with_writer(pool, cut).await, proxy)
}

fn change_password(user_id: Uuid) -> Execution {
    let change = step(user_id, None, ChangePassword);
    Execution::new(Context::system("test"), vec![change])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_connection_is_cut_at_the_commit_is_stored_once() {
    let (fixture, proxy) = start().await;
    let user_id = Uuid::now_v7();
    fixture.register(user_id).await;
    let mut acknowledged = vec![1];
    for cut in [AFTER, BEFORE, AFTER, AFTER, BEFORE, BEFORE] {
        // The first round prepares the statement, so that the next message is the batch itself.
        for cut in [NOT, cut] {
            proxy.cut.store(cut, Ordering::SeqCst);
            let committed = fixture.executor.execute(change_password(user_id)).await;
            let committed = committed.unwrap();
            acknowledged.push(committed.position);
        }
        assert_eq!(proxy.cut.load(Ordering::SeqCst), NOT, "it was cut");
    }
    let stored = log::read(&fixture.pool, 0, 100).await.unwrap();
    let stored: Vec<i64> = stored.iter().map(|event| event.position).collect();
    assert_eq!(stored, acknowledged);
    let verified = verify::verify(&fixture.pool, &fixture.log, |_| ());
    let verified = verified.await.unwrap();
    assert_eq!(verified.broken, None);
}

/// The log cannot tell whether a command without events was executed, so it is repeated.
#[tokio::test(flavor = "multi_thread")]
async fn additional_writes_of_a_command_without_events_survive_a_lost_connection() {
    let (fixture, proxy) = start().await;
    sqlx::query("create table further (id int primary key)")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let user_id = Uuid::now_v7();
    fixture.register(user_id).await;
    let same = ChangeRole { role: Role::User };
    let nothing = step(user_id, None, same);
    let execution = Execution::new(Context::system("test"), vec![nothing]).with_write(
        TestWrite::new("insert into further values (1) on conflict do nothing"),
    );
    proxy.cut.store(BEFORE, Ordering::SeqCst);
    fixture.executor.execute(execution).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from further")
        .fetch_one(&fixture.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1);
}
