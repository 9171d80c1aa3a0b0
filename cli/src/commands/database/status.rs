//! `convosphere database status`

use serde_json::json;

use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

pub async fn run(i: &Installation, json: bool) -> Result<(), Failure> {
    let (position, hash) = i.log.head(&i.pool).await?;
    let hash = hex::encode(&hash);
    let database = i.describe_database();
    if json {
        let status = json!({
            "database": database, "url": i.private_url(), "log_id": i.log.id, "position": position, "hash": hash,
        });
        output::print_data(&status.to_string());
    } else {
        output::print_data(&format!("database  {database}"));
        output::print_data(&format!("log       {}", i.log.id));
        output::print_data(&format!("position  {position}"));
        output::print_data(&format!("hash      {hash}"));
    }
    Ok(())
}
