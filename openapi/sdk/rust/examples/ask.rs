//! Asks a question and prints the answer while it is written: `cargo run --example ask -- "Where is my data stored?"`

use convosphere_client::types::{CreateConversation, PostMessage};
use convosphere_client::{Client, StreamEvent};
use futures_util::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example prints")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("CONVOSPHERE_URL")?;
    let client = Client::builder(&url)
        .token(std::env::var("CONVOSPHERE_TOKEN")?)
        .build()?;
    let question = std::env::args().nth(1).unwrap_or_default();

    let conversation = client
        .create_conversation(&CreateConversation::default())
        .await?;
    let exchange = client
        .post_message(conversation.id, &PostMessage::new(question))
        .await?;
    let Some(response) = exchange.response else {
        return Ok(());
    };
    let mut frames = client.stream_response(response.id);
    while let Some(frame) = frames.try_next().await? {
        match frame.event()? {
            StreamEvent::ResponseDelta(delta) => print!("{}", delta.text),
            // Replaces the text so far, such as after a restart of the server.
            StreamEvent::ResponseSnapshot(snapshot) => print!("\n{}", snapshot.text),
            StreamEvent::ResponseFailed(run) => println!("{:?}", run.response.error),
            _ => {}
        }
    }
    println!();
    Ok(())
}
