//! A third-party S3 server (moto) with one bucket.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running server; killed when dropped.
pub struct S3 {
    child: Child,
    pub url: String,
}

impl S3 {
    /// Starts it on a free port.
    #[expect(clippy::panic, reason = "tests that need it cannot run without it")]
    pub fn start() -> Self {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let child = Command::new(root.join(".tools/s3/bin/python3"))
            .arg(root.join("testing/s3.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap_or_else(|error| panic!("run scripts/fetch-s3 first: {error}"));
        let mut port = String::new();
        if let Some(stdout) = child.stdout.take() {
            // If the server ends at once, the port is empty and the tests fail to connect.
            let _ = BufReader::new(stdout).read_line(&mut port);
        }
        let url = format!("http://127.0.0.1:{}", port.trim());
        Self { child, url }
    }

    /// The environment variables of an installation that stores its files in the bucket.
    pub fn variables(&self) -> [(&'static str, &str); 5] {
        [
            ("CONVOSPHERE_FILES__URL", "s3://convosphere/files"),
            ("CONVOSPHERE_FILES__ENDPOINT", &self.url),
            ("CONVOSPHERE_FILES__REGION", "us-east-1"),
            ("CONVOSPHERE_FILES__ACCESS_KEY_ID", "key"),
            ("CONVOSPHERE_FILES__SECRET_ACCESS_KEY", "secret"),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
