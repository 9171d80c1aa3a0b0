//! The bytes of an answer to its events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>, as far as
//! servers keep to that: a byte order mark, any ending of lines, comments, bytes that are no UTF-8, and an answer that
//! comes as a whole in place of a stream are all read.

/// Bytes on the wire of a whole answer: some servers wrap each token in half a kilobyte.
const BYTE_LIMIT: usize = 512 * 1024 * 1024;
/// Bytes of one line, of one event, and of an answer that comes as a whole: some send pictures along.
const LINE_LIMIT: usize = 16 * 1024 * 1024;
const MARK: char = '\u{feff}';

/// An event with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its name, where it has one.
    pub name: String,
    pub data: String,
}

/// The answer is longer than any answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// What has come so far.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// Whether it is a stream; unknown before its first sign.
    streamed: Option<bool>,
    total: usize,
    /// The line that has not ended, or the whole answer.
    line: Vec<u8>,
    /// Whether the last byte was a carriage return: a line feed after it ends no other line.
    returned: bool,
    name: String,
    data: Option<String>,
}

impl Events {
    /// The events that end with further bytes.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<Event>, TooLarge> {
        self.total += bytes.len();
        if self.total > BYTE_LIMIT {
            return Err(TooLarge);
        }
        let mut events = Vec::new();
        if self.streamed != Some(true) {
            self.line.extend_from_slice(bytes);
            self.streamed = is_stream(&self.line);
            if self.streamed == Some(true) {
                let begun = std::mem::take(&mut self.line);
                self.lines(&begun, &mut events)?;
            } else if self.line.len() > LINE_LIMIT {
                return Err(TooLarge);
            }
            return Ok(events);
        }
        self.lines(bytes, &mut events)?;
        Ok(events)
    }

    fn lines(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), TooLarge> {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, end) = match part.split_last() {
                Some((end @ (b'\n' | b'\r'), text)) => (text, Some(*end)),
                _ => (part, None),
            };
            let second =
                std::mem::take(&mut self.returned) && text.is_empty() && end == Some(b'\n');
            if second {
                continue;
            }
            self.line.extend_from_slice(text);
            let long = self.data.as_ref().map_or(0, String::len) + self.line.len();
            if long > LINE_LIMIT {
                return Err(TooLarge);
            }
            if end.is_some() {
                self.returned = end == Some(b'\r');
                self.end_line(events);
            }
        }
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<Event>) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches(MARK);
        if line.is_empty() {
            return events.extend(self.end_event());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field.trim() {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.trim().clone_into(&mut self.name),
            // Neither is in the standard; servers that fail in the midst of a stream write so.
            "error" => events.push(Event {
                name: "error".to_owned(),
                data: value.to_owned(),
            }),
            _ if line.trim_start().starts_with('{') => events.push(Event {
                name: String::new(),
                data: line.to_owned(),
            }),
            _ => {}
        }
    }

    fn end_event(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        let data = self.data.take()?;
        Some(Event { name, data })
    }

    /// The rest of a stream, at its end: the last event may lack the empty line after it.
    pub fn end(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.streamed == Some(true) {
            self.end_line(&mut events);
            events.extend(self.end_event());
        }
        events
    }

    /// The answer, where it came as a whole.
    pub fn whole(&self) -> Option<String> {
        let whole = String::from_utf8_lossy(&self.line);
        let whole = whole.trim_start_matches(MARK).trim();
        (self.streamed == Some(false) && !whole.is_empty()).then(|| whole.to_owned())
    }
}

/// Whether bytes begin a stream: what begins as JSON or as a page does is a whole. None where nothing can be told yet.
fn is_stream(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if "\u{feff}".as_bytes().starts_with(bytes) {
        return None;
    }
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace())?;
    Some(!matches!(first, b'{' | b'[' | b'<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: &str) -> Event {
        Event {
            name: String::new(),
            data: data.to_owned(),
        }
    }

    /// The events of bytes that come in pieces of a length.
    fn events(bytes: &[u8], length: usize) -> Vec<Event> {
        let mut events = Events::default();
        let mut all = Vec::new();
        for piece in bytes.chunks(length) {
            all.extend(events.take(piece).unwrap());
        }
        all.extend(events.end());
        all
    }

    #[test]
    fn streams_are_read_however_they_are_written_and_cut() {
        let wanted = [event("a"), event("b\nc"), event(" d\u{2028}ü"), event("e")];
        for end in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{feff}"] {
                let lines = [
                    ": hello",
                    "",
                    "",
                    "data: a",
                    "",
                    ":",
                    "id: 7",
                    "data:b",
                    "retry: 5",
                    "data: c",
                    "",
                    "unknown",
                    "data:  d\u{2028}ü",
                    "",
                    "event: empty",
                    "",
                    "data: e",
                ];
                for last in ["", end] {
                    let text = format!("{mark}{}{last}", lines.join(end));
                    for length in 1..text.len() {
                        let found = events(text.as_bytes(), length);
                        assert_eq!(found, wanted, "{text:?} in pieces of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_errors_and_bytes_that_are_no_text_are_kept() {
        let found = events(
            b"event: error\ndata: {}\n\nerror: {\"a\":1}\ndata: \xff!\n\n{\"b\":2}\n",
            3,
        );
        let named = |data: &str| Event {
            name: "error".to_owned(),
            ..event(data)
        };
        let wanted = [
            named("{}"),
            named("{\"a\":1}"),
            event("\u{fffd}!"),
            event("{\"b\":2}"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_no_stream_is_a_whole() {
        for body in ["{\"a\":\n 1}", "\u{feff} \r\n[1]", "<html>"] {
            for length in 1..=body.len() {
                let mut events = Events::default();
                for piece in body.as_bytes().chunks(length) {
                    assert_eq!(events.take(piece), Ok(vec![]));
                }
                assert_eq!(events.end(), []);
                let whole = events.whole().unwrap();
                assert_eq!(whole, body.trim_start_matches(MARK).trim());
            }
        }
        assert_eq!(Events::default().whole(), None);
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let mut events = Events::default();
        let long = format!("data: {}", "x".repeat(LINE_LIMIT));
        assert_eq!(events.take(long.as_bytes()), Err(TooLarge));
        let mut events = Events::default();
        let lines = format!("data: {}\n", "x".repeat(LINE_LIMIT / 2)).repeat(3);
        assert_eq!(events.take(lines.as_bytes()), Err(TooLarge));
        // Lines that end are as many as they like.
        let mut events = Events::default();
        for end in ["\r", "\n"] {
            let lines = format!(": {}{end}", "x".repeat(LINE_LIMIT / 2)).repeat(3);
            assert_eq!(events.take(lines.as_bytes()), Ok(vec![]));
        }
    }
}
