//! Where the bytes of files lie.

use std::path::{Path, PathBuf};

use eventstore::files::StoreLocation;
use url::Url;

use super::layers::Layers;

/// What the client of an S3-compatible store calls the settings.
const OPTIONS: &[(&str, &str)] = &[
    ("files.endpoint", "aws_endpoint"),
    ("files.region", "aws_region"),
    ("files.access_key_id", "aws_access_key_id"),
    ("files.secret_access_key", "aws_secret_access_key"),
];

pub fn place(data_dir: &Path, layers: &Layers, faults: &mut Vec<String>) -> Option<StoreLocation> {
    let text = layers.text("files.url");
    if text.is_empty() {
        return Some(StoreLocation::Folder(data_dir.join("files")));
    }
    let place = Url::parse(text).ok().and_then(|url| match url.scheme() {
        "file" if url.host_str().is_none() => {
            Some(StoreLocation::Folder(PathBuf::from(url.path())))
        }
        "s3" if url.host_str().is_some() => Some(StoreLocation::Bucket {
            options: options(layers),
            url,
        }),
        _ => None,
    });
    if place.is_none() {
        faults.push(format!(
            "files.url: {text:?} is neither s3://bucket/prefix nor file:///folder"
        ));
    }
    place
}

fn options(layers: &Layers) -> Vec<(String, String)> {
    let given = OPTIONS.iter().filter_map(|(setting, option)| {
        let value = layers.text(setting);
        (!value.is_empty()).then(|| ((*option).to_owned(), value.to_owned()))
    });
    let mut options: Vec<(String, String)> = given.collect();
    // The operator names the address: one without TLS is meant so.
    if layers.text("files.endpoint").starts_with("http://") {
        options.push(("aws_allow_http".to_owned(), "true".to_owned()));
    }
    options
}
