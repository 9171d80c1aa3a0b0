//! Where the contents of files are stored.

use std::path::{Path, PathBuf};

use eventstore::files::StoreLocation;
use url::Url;

use super::layers::Layers;

/// Settings and their names in the client of the S3-compatible store.
const OPTIONS: &[(&str, &str)] = &[
    ("files.endpoint", "aws_endpoint"),
    ("files.region", "aws_region"),
    ("files.access_key_id", "aws_access_key_id"),
    ("files.secret_access_key", "aws_secret_access_key"),
];

pub fn read(data_dir: &Path, layers: &Layers, errors: &mut Vec<String>) -> Option<StoreLocation> {
    let text = layers.text("files.url");
    if text.is_empty() {
        return Some(StoreLocation::Folder(data_dir.join("files")));
    }
    let location = Url::parse(text).ok().and_then(|url| match url.scheme() {
        "file" if url.host_str().is_none() => {
            Some(StoreLocation::Folder(PathBuf::from(url.path())))
        }
        "s3" if url.host_str().is_some() => Some(StoreLocation::Bucket {
            options: options(layers),
            url,
        }),
        _ => None,
    });
    if location.is_none() {
        errors.push(format!(
            "files.url: {text:?} must be s3://bucket/prefix or file:///folder"
        ));
    }
    location
}

fn options(layers: &Layers) -> Vec<(String, String)> {
    let configured = OPTIONS.iter().filter_map(|(setting, option)| {
        let value = layers.text(setting);
        (!value.is_empty()).then(|| ((*option).to_owned(), value.to_owned()))
    });
    let mut options: Vec<(String, String)> = configured.collect();
    // The operator chose an endpoint without TLS on purpose.
    if layers.text("files.endpoint").starts_with("http://") {
        options.push(("aws_allow_http".to_owned(), "true".to_owned()));
    }
    options
}
