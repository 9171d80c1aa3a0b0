//! Parses server-sent events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>, as tolerantly as
//! servers require: byte order mark, any line ending, comments, invalid UTF-8, and a response that is not streamed.

/// Bytes of a whole response: some servers wrap each token in half a kilobyte.
const BYTE_LIMIT: usize = 512 * 1024 * 1024;
/// Bytes of one line, one event, and a response that is not streamed: some contain images.
const LINE_LIMIT: usize = 16 * 1024 * 1024;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// An event with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// The event type, or empty.
    pub name: String,
    pub data: String,
}

/// The response is longer than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Parses a response incrementally.
#[derive(Debug, Default)]
pub(super) struct SseParser {
    /// Whether the response is a stream; unknown before the first character.
    is_stream: Option<bool>,
    total: usize,
    /// The incomplete line, or the whole body.
    line: Vec<u8>,
    /// Whether the last byte was a carriage return: a line feed after it ends no other line.
    after_carriage_return: bool,
    name: String,
    data: Option<String>,
}

impl SseParser {
    /// Adds bytes; returns the events that they complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<SseEvent>, TooLarge> {
        self.total += bytes.len();
        if self.total > BYTE_LIMIT {
            return Err(TooLarge);
        }
        let mut events = Vec::new();
        if self.is_stream != Some(true) {
            self.line.extend_from_slice(bytes);
            self.is_stream = is_stream(&self.line);
            if self.is_stream == Some(true) {
                let start = std::mem::take(&mut self.line);
                self.read_lines(&start, &mut events)?;
            } else if self.line.len() > LINE_LIMIT {
                return Err(TooLarge);
            }
            return Ok(events);
        }
        self.read_lines(bytes, &mut events)?;
        Ok(events)
    }

    fn read_lines(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLarge> {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, end) = match part.split_last() {
                Some((end @ (b'\n' | b'\r'), text)) => (text, Some(*end)),
                _ => (part, None),
            };
            let is_line_feed_of_pair = std::mem::take(&mut self.after_carriage_return)
                && text.is_empty()
                && end == Some(b'\n');
            if is_line_feed_of_pair {
                continue;
            }
            self.line.extend_from_slice(text);
            let length = self.data.as_ref().map_or(0, String::len) + self.line.len();
            if length > LINE_LIMIT {
                return Err(TooLarge);
            }
            if end.is_some() {
                self.after_carriage_return = end == Some(b'\r');
                self.end_line(events);
            }
        }
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<SseEvent>) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches(BYTE_ORDER_MARK);
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
            // Neither form is in the standard; some servers write them when they fail within a stream.
            "error" => events.push(SseEvent {
                name: "error".to_owned(),
                data: value.to_owned(),
            }),
            _ if line.trim_start().starts_with('{') => events.push(SseEvent {
                name: String::new(),
                data: line.to_owned(),
            }),
            _ => {}
        }
    }

    fn end_event(&mut self) -> Option<SseEvent> {
        let name = std::mem::take(&mut self.name);
        let data = self.data.take()?;
        Some(SseEvent { name, data })
    }

    /// The rest of a stream at its end: the last event may lack the empty line after it.
    pub(super) fn finish(&mut self) -> Vec<SseEvent> {
        let mut events = Vec::new();
        if self.is_stream == Some(true) {
            self.end_line(&mut events);
            events.extend(self.end_event());
        }
        events
    }

    /// The body of a response that was not streamed.
    pub(super) fn whole_body(&self) -> Option<String> {
        let body = String::from_utf8_lossy(&self.line);
        let body = body.trim_start_matches(BYTE_ORDER_MARK).trim();
        (self.is_stream == Some(false) && !body.is_empty()).then(|| body.to_owned())
    }
}

/// Whether bytes start a stream: JSON and HTML do not. `None` if it is too early to tell.
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

    fn event(data: &str) -> SseEvent {
        SseEvent {
            name: String::new(),
            data: data.to_owned(),
        }
    }

    /// The events of bytes that arrive in chunks of a length.
    fn parse(bytes: &[u8], length: usize) -> Vec<SseEvent> {
        let mut parser = SseParser::default();
        let mut all = Vec::new();
        for piece in bytes.chunks(length) {
            all.extend(parser.push(piece).unwrap());
        }
        all.extend(parser.finish());
        all
    }

    #[test]
    fn streams_are_parsed_however_they_are_written_and_cut() {
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
                        let found = parse(text.as_bytes(), length);
                        assert_eq!(found, wanted, "{text:?} in pieces of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_errors_and_invalid_utf8_are_kept() {
        let found = parse(
            b"event: error\ndata: {}\n\nerror: {\"a\":1}\ndata: \xff!\n\n{\"b\":2}\n",
            3,
        );
        let named = |data: &str| SseEvent {
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
    fn a_body_that_is_not_streamed_is_returned_whole() {
        for body in ["{\"a\":\n 1}", "\u{feff} \r\n[1]", "<html>"] {
            for length in 1..=body.len() {
                let mut parser = SseParser::default();
                for piece in body.as_bytes().chunks(length) {
                    assert_eq!(parser.push(piece), Ok(vec![]));
                }
                assert_eq!(parser.finish(), []);
                let whole = parser.whole_body().unwrap();
                assert_eq!(whole, body.trim_start_matches(BYTE_ORDER_MARK).trim());
            }
        }
        assert_eq!(SseParser::default().whole_body(), None);
    }

    #[test]
    fn lines_and_events_that_are_too_long_are_refused() {
        let mut parser = SseParser::default();
        let long = format!("data: {}", "x".repeat(LINE_LIMIT));
        assert_eq!(parser.push(long.as_bytes()), Err(TooLarge));
        let mut parser = SseParser::default();
        let lines = format!("data: {}\n", "x".repeat(LINE_LIMIT / 2)).repeat(3);
        assert_eq!(parser.push(lines.as_bytes()), Err(TooLarge));
        // The number of complete lines is not limited.
        let mut parser = SseParser::default();
        for end in ["\r", "\n"] {
            let lines = format!(": {}{end}", "x".repeat(LINE_LIMIT / 2)).repeat(3);
            assert_eq!(parser.push(lines.as_bytes()), Ok(vec![]));
        }
    }
}
