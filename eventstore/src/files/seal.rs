//! Seals content in pieces, so that any range can be opened by itself: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár,
//! 2015) over XChaCha20-Poly1305, as the `aead` crate has it with a 32-bit counter.
//!
//! An object has 4 bytes for the format, a nonce of 19 bytes, and pieces of 64 KiB, each with a tag of 16 bytes. The
//! last piece is marked, so that a truncated object does not open. The file's id is bound to each piece.

use chacha20poly1305::aead::Payload;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{NewStream, StreamBE32, StreamPrimitive};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use uuid::Uuid;

use crate::seal::vault::{DataKey, VaultError};

const FORM: &[u8; 4] = b"CSF1";
const NONCE: usize = 19;
pub(crate) const TAG_LEN: usize = 16;
/// Plaintext bytes of a full piece.
pub(crate) const PIECE: usize = 64 * 1024;
/// Bytes before the first piece.
pub(crate) const HEADER_LEN: usize = FORM.len() + NONCE;

/// The part of an object that contains a range of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SealedRange {
    /// The first and the last piece.
    pub pieces: (u32, u32),
    /// Their range in the object, the end excluded.
    pub stored: (u64, u64),
    /// Plaintext bytes to skip in the first piece.
    pub skip: usize,
}

/// Locates the bytes from `start` (inclusive) to `end` (exclusive) of `size` bytes.
pub(crate) fn locate_range(start: u64, end: u64, size: u64) -> SealedRange {
    let piece = PIECE as u64;
    let sealed = (PIECE + TAG_LEN) as u64;
    let (first, last) = (start / piece, end.saturating_sub(1).max(start) / piece);
    let until = HEADER_LEN as u64 + ((last + 1) * sealed).min(sealed_length(size));
    let number = |index: u64| u32::try_from(index).unwrap_or(u32::MAX);
    SealedRange {
        pieces: (number(first), number(last)),
        stored: (HEADER_LEN as u64 + first * sealed, until),
        skip: usize::try_from(start % piece).unwrap_or(0),
    }
}

/// The sealed length of `size` bytes. Empty content has one empty piece.
fn sealed_length(size: u64) -> u64 {
    let pieces = size.div_ceil(PIECE as u64).max(1);
    size + pieces * TAG_LEN as u64
}

/// Seals and opens the pieces of one object.
pub(crate) struct StreamSealer {
    stream: StreamBE32<XChaCha20Poly1305>,
    file: Uuid,
}

impl StreamSealer {
    /// Creates a sealer for a new object, and its header.
    pub(crate) fn create(key: &DataKey, file: Uuid) -> Result<(Self, Vec<u8>), VaultError> {
        let nonce: [u8; NONCE] = crate::seal::vault::random_bytes()?;
        let head = [FORM.as_slice(), &nonce].concat();
        Ok((Self::with_nonce(key, file, &nonce), head))
    }

    /// The sealer for an object with this header; `None` if the format is unknown.
    pub(crate) fn from_header(key: &DataKey, file: Uuid, head: &[u8]) -> Option<Self> {
        let nonce = head.strip_prefix(FORM.as_slice())?;
        (nonce.len() == NONCE).then(|| Self::with_nonce(key, file, nonce))
    }

    fn with_nonce(key: &DataKey, file: Uuid, nonce: &[u8]) -> Self {
        let cipher = XChaCha20Poly1305::new(key.into());
        Self {
            stream: StreamBE32::from_aead(cipher, GenericArray::from_slice(nonce)),
            file,
        }
    }

    pub(crate) fn seal(&self, index: u32, last: bool, piece: &[u8]) -> Result<Vec<u8>, VaultError> {
        let sealed = self.stream.encrypt(index, last, self.payload(piece));
        sealed.map_err(|_| self.broken())
    }

    pub(crate) fn open(&self, index: u32, last: bool, piece: &[u8]) -> Result<Vec<u8>, VaultError> {
        let opened = self.stream.decrypt(index, last, self.payload(piece));
        opened.map_err(|_| self.broken())
    }

    fn payload<'a>(&'a self, msg: &'a [u8]) -> Payload<'a, 'a> {
        Payload {
            msg,
            aad: self.file.as_bytes(),
        }
    }

    fn broken(&self) -> VaultError {
        VaultError::Broken(format!("file {}", self.file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Uuid = Uuid::from_u128(7);

    #[test]
    fn a_range_is_located_by_its_pieces() {
        let (piece, size) = (PIECE as u64, 2 * PIECE as u64 + 10);
        let sealed = piece + TAG_LEN as u64;
        let head = HEADER_LEN as u64;
        let of = |start, end| locate_range(start, end, size);
        assert_eq!(of(0, 1).stored, (head, head + sealed));
        assert_eq!(of(piece - 1, piece + 1).pieces, (0, 1));
        assert_eq!(of(piece, piece + 1).pieces, (1, 1));
        assert_eq!(
            of(2 * piece + 3, size),
            SealedRange {
                pieces: (2, 2),
                stored: (head + 2 * sealed, head + 2 * sealed + 10 + TAG_LEN as u64),
                skip: 3
            }
        );
        // Empty content has one empty piece; nothing follows a full last piece.
        assert_eq!(locate_range(0, 0, 0).stored, (head, head + TAG_LEN as u64));
        assert_eq!(locate_range(0, piece, piece).stored, (head, head + sealed));
    }

    #[test]
    fn pieces_open_only_at_their_position() {
        let key = [7; 32];
        let (sealer, head) = StreamSealer::create(&key, FILE).unwrap();
        let sealed = sealer.seal(3, true, b"bytes").unwrap();
        let reader = |key, file| StreamSealer::from_header(key, file, &head).unwrap();
        assert_eq!(reader(&key, FILE).open(3, true, &sealed).unwrap(), b"bytes");
        assert!(reader(&key, FILE).open(2, true, &sealed).is_err());
        assert!(reader(&key, FILE).open(3, false, &sealed).is_err());
        assert!(reader(&key, Uuid::nil()).open(3, true, &sealed).is_err());
        assert!(reader(&[8; 32], FILE).open(3, true, &sealed).is_err());
        assert!(StreamSealer::from_header(&key, FILE, b"CSF2").is_none());
    }
}
