//! Parts of the server in a test.

use std::sync::Arc;

use domain::assistant::{Configuration, CreateAssistant, Status, Visibility};
use eventstore::anchors::Anchors;
use eventstore::backup::{Folder, Retention};
use eventstore::executor::{Context, step};
use eventstore::{Execution, Executor, Files, MasterKey};
use projections::Progress;
use serde_json::json;
use testing::provider::{KEY, Provider};
use tokio::sync::watch;
use uuid::Uuid;

use crate::test_app::{FILE_QUOTA, MAX_FILE, Person, TestApp, TestOptions};

pub async fn default_assistant(executor: &Executor) -> i64 {
    let id = Uuid::now_v7();
    let command = CreateAssistant {
        owner: None,
        configuration: Configuration::parse(id, "Guide", "", "").unwrap(),
        visibility: Visibility::Everyone,
        status: Status::Active,
        is_default: true,
    };
    let steps = vec![step(id, None, command)];
    let execution = Execution::new(Context::system("test"), steps);
    executor.execute(execution).await.unwrap().position
}

/// The context of job workers.
pub fn job_context(
    source: &projections::EventSource,
    executor: &Executor,
    progress: &Progress,
    (files, backups): (&Files, &workers::Backups),
) -> workers::JobContext {
    workers::JobContext {
        source: source.clone(),
        executor: executor.clone(),
        progress: progress.clone(),
        files: files.clone(),
        backups: backups.clone(),
        anchors: Anchors::new(source.pool.clone(), source.log, &backups.master, None),
        program: crate::imports::import_reader(),
        max_file: MAX_FILE,
        file_quota: FILE_QUOTA,
        stopping: watch::channel(false).1,
        tracker: workers::JobTracker::default(),
    }
}

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
        at_once: Arc::new(tokio::sync::Semaphore::new(1)),
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

pub fn model_settings(options: TestOptions) -> Arc<workers::ModelSettings> {
    let titles = match options.titles {
        true => workers::TitleModel::SameAsAnswer,
        false => workers::TitleModel::None,
    };
    Arc::new(workers::ModelSettings {
        titles,
        ..workers::ModelSettings::default()
    })
}
