//! Keyset pages.

/// One page of a list, and the key after which the next one starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, K> {
    pub items: Vec<T>,
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Takes up to `limit + 1` rows: the last one is dropped and proves that there is a next page.
    pub fn from_rows(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let has_next = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_next).map(key);
        Self { items, next }
    }

    /// From at most as many rows as were asked for: a full page may have a next one.
    pub fn from_limited_rows(items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let next = items.last().filter(|_| items.len() == limit).map(key);
        Self { items, next }
    }

    /// A list without an entry.
    pub fn empty() -> Self {
        Self {
            items: vec![],
            next: None,
        }
    }

    /// The same page with other entries.
    pub fn map<R>(self, change: impl FnMut(T) -> R) -> Page<R, K> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_row_proves_a_next_page() {
        let full = Page::from_rows(vec![1, 2, 3], 2, |n| *n);
        assert_eq!((full.items, full.next), (vec![1, 2], Some(2)));
        let last = Page::from_rows(vec![1, 2], 2, |n| *n);
        assert_eq!((last.items, last.next), (vec![1, 2], None));
    }

    #[test]
    fn a_full_page_may_have_a_next_one() {
        let full = Page::from_limited_rows(vec![1, 2], 2, |n| *n);
        assert_eq!((full.items, full.next), (vec![1, 2], Some(2)));
        let last = Page::from_limited_rows(vec![1], 2, |n| *n);
        assert_eq!((last.items, last.next), (vec![1], None));
    }
}
