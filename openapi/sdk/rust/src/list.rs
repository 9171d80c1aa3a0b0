//! Pages of a list.

use futures_util::stream::{self, Stream, TryStreamExt};

use crate::error::Error;
use crate::request::{Answer, Request};

/// A page of a list.
pub trait List: Answer + 'static {
    type Item: Send;

    /// The items, and the cursor of the next page unless this is the last.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

impl<L: List> Request<L> {
    /// The maximum number of items in a page.
    pub fn limit(self, limit: u32) -> Self {
        self.parameter("limit", &limit.to_string())
    }

    /// Continues a list at the `next_cursor` of its previous page.
    pub fn cursor(self, cursor: &str) -> Self {
        self.parameter("cursor", cursor)
    }

    /// All items from this page on; the next page is requested when its items are needed.
    pub fn items(self) -> impl Stream<Item = Result<L::Item, Error>> + Send + Unpin {
        let pages = stream::try_unfold(Some(self), |next| async {
            let Some(request) = next else {
                return Ok(None);
            };
            let (items, cursor) = request.clone().await?.into_parts();
            let next = cursor.map(|cursor| request.cursor(&cursor));
            Ok::<_, Error>(Some((stream::iter(items.into_iter().map(Ok)), next)))
        });
        Box::pin(pages.try_flatten())
    }
}
