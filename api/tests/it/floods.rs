//! Floods of HTTP/2 frames close a connection; frames of normal traffic do not.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::test_app::{MAX_FILE, PATIENCE, Person, TestApp};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

async fn connect(app: &TestApp) -> TcpStream {
    let address = app.url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test]
async fn every_kind_of_flood_closes_the_connection() {
    let app = TestApp::start().await;
    for (name, frame) in [
        ("PING", &b"\0\0\x08\x06\0\0\0\0\0abcdefgh"[..]),
        ("acknowledged PING", b"\0\0\x08\x06\x01\0\0\0\0abcdefgh"),
        ("SETTINGS", b"\0\0\0\x04\0\0\0\0\0"),
        ("PRIORITY", b"\0\0\x05\x02\0\0\0\0\x03\0\0\0\0\x10"),
        ("WINDOW_UPDATE", b"\0\0\x04\x08\0\0\0\0\0\0\0\0\x01"),
        ("unknown", b"\0\0\x01\xfa\0\0\0\0\0x"),
    ] {
        let (mut reading, mut writing) = connect(&app).await.into_split();
        // Reads concurrently, so that the server is not blocked.
        let reading = tokio::spawn(async move {
            let mut said = Vec::new();
            // A closed connection may end with a reset.
            let _ = reading.read_to_end(&mut said).await;
        });
        writing.write_all(PREFACE).await.unwrap();
        let flood = frame.repeat(500);
        let floods = async {
            // Writes until the server closes the connection.
            while writing.write_all(&flood).await.is_ok() {}
        };
        timeout(PATIENCE, floods).await.expect(name);
        reading.await.unwrap();
    }
    // Other clients are served.
    assert_eq!(app.get("/readyz").await.status, 200);
}

/// A client with small windows sends many acknowledgements.
#[tokio::test]
async fn long_downloads_on_one_connection_are_no_flood() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let size = usize::try_from(MAX_FILE).unwrap();
    let bytes: Vec<u8> = (b'a'..=b'z').cycle().take(size).collect();
    let file = admin.upload("/files", "a.txt", &bytes).await.id();
    let mut client = h2::client::Builder::new();
    client.initial_window_size(4_096);
    let (client, connection) = client
        .handshake::<_, bytes::Bytes>(connect(&app).await)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let downloads = (0..4).map(|_| download(client.clone(), &admin, &file));
    for length in futures_util::future::join_all(downloads).await {
        assert_eq!(length, size);
    }
    drop(client);
    connection.await.unwrap().unwrap();
}

async fn download(
    client: h2::client::SendRequest<bytes::Bytes>,
    person: &Person<'_>,
    file: &str,
) -> usize {
    let request = poem::http::Request::get(format!("http://localhost/api/v1/files/{file}/content"))
        .header("Authorization", format!("Bearer {}", person.access_token));
    let mut client = client.ready().await.unwrap();
    let (answer, _) = client
        .send_request(request.body(()).unwrap(), true)
        .unwrap();
    let mut body = answer.await.unwrap().into_body();
    let mut length = 0;
    while let Some(piece) = body.data().await {
        let piece = piece.unwrap();
        length += piece.len();
        body.flow_control().release_capacity(piece.len()).unwrap();
    }
    length
}
