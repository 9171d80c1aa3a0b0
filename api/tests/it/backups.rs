//! Backups over HTTP: created by a job, and listed.

use serde_json::{Value, json};

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{TestApp, next};

pub struct Backups;

impl Feature for Backups {
    fn rules(&self) -> Rules {
        &[(Rule::ADMINISTRATORS, &["listBackups", "createBackup"])]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        let case = (operation == "createBackup").then(|| world.request(operation, &[]));
        Box::pin(async { case })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let job = id(&recorder.call("createBackup", recorder.admin(&[])).await);
            recorder
                .wait_for_end("streamJob", recorder.admin(&[&job]))
                .await;
            recorder.call("listBackups", recorder.admin(&[])).await;
            recorder.ids.insert("backup job", job);
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_creates_and_lists_backups() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let none = admin.get("/backups").await;
    assert_eq!(none.body["items"], json!([]));
    assert_eq!(none.body["next_at"], Value::Null);
    let mut names = Vec::new();
    for _ in 0..3 {
        let started = admin.post("/backups", json!({})).await;
        assert_eq!(started.status, 202, "{started:?}");
        let path = format!("/jobs/{}/stream", started.id());
        let mut frames = Box::pin(admin.frames(&path, None).await);
        let job = next(&mut frames, "job.ended").await.data;
        assert_eq!(job["status"], "completed", "{job}");
        names.push(job["result"]["name"].clone());
    }
    // As many as configured are kept, the newest first.
    let listed = admin.get("/backups").await.body;
    assert_eq!(listed["kept"], 2);
    let items = listed["items"].as_array().unwrap();
    let found: Vec<&Value> = items.iter().map(|backup| &backup["name"]).collect();
    assert_eq!(found, [&names[2], &names[1]]);
    let path = app
        .app
        .settings
        .backups
        .path
        .join(names[2].as_str().unwrap());
    let bytes = std::fs::metadata(path).unwrap().len();
    assert_eq!(items[0]["bytes"], bytes);
}
