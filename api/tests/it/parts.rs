//! Parts of the server in a test.

use eventstore::backup::{Folder, Retention};
use eventstore::{Files, MasterKey};
use serde_json::json;
use testing::provider::{KEY, Provider};

use crate::test_app::{Person, TestApp, TestOptions};

impl TestApp {
    /// Starts a server that may call a provider.
    pub async fn with_provider(provider: &Provider) -> Self {
        Self::with(TestOptions {
            allowed_port: Some(provider.port),
            ..TestOptions::default()
        })
        .await
    }
}

/// Adds a provider named "local" and returns the administrator.
pub async fn connect_provider<'a>(app: &'a TestApp, provider: &Provider) -> Person<'a> {
    let ada = app.admin().await;
    let added = json!({"name": "local", "kind": "openai_compatible", "base_url": provider.base_url(), "api_key": KEY});
    assert_eq!(ada.post("/providers", added).await.status, 201);
    ada
}

/// A reader without the program that extracts text, so the text of files stays unknown.
pub fn file_reader(files: &Files) -> workers::FileReader {
    workers::FileReader {
        files: files.clone(),
        program: "/no/such/program".into(),
        at_once: std::sync::Arc::new(tokio::sync::Semaphore::new(1)),
    }
}

pub fn backups(folder: &std::path::Path, master: MasterKey) -> workers::Backups {
    let retention = Retention {
        archives: 2,
        ring_days: 0,
    };
    workers::Backups {
        folder: Folder {
            path: folder.join("backups"),
            retention,
        },
        master,
        every: None,
    }
}

pub fn model_settings(options: TestOptions) -> workers::ModelSettings {
    let titles = match options.titles {
        true => workers::TitleModel::SameAsAnswer,
        false => workers::TitleModel::None,
    };
    workers::ModelSettings {
        titles,
        ..workers::ModelSettings::default()
    }
}
