//! Bytes sealed piece by piece, so that any stretch can be opened by itself: STREAM (Hoang, Reyhanitabar, Rogaway,
//! Vizár, 2015) over XChaCha20-Poly1305, as the `aead` crate has it with a 32-bit counter.
//!
//! An object is 4 bytes that name the form, 19 random bytes, and then pieces of 64 KiB, each with a tag of 16 bytes. The
//! last one is sealed as such, so that an object that was cut off does not open. The file's id is bound to each piece.

use chacha20poly1305::aead::Payload;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{NewStream, StreamBE32, StreamPrimitive};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use uuid::Uuid;

use crate::vault::{DataKey, VaultError};

const FORM: &[u8; 4] = b"CSF1";
const NONCE: usize = 19;
pub const TAG: usize = 16;
/// Bytes of a whole piece before it is sealed.
pub const PIECE: usize = 64 * 1024;
/// Bytes before the first piece.
pub const HEAD: usize = FORM.len() + NONCE;

/// Where the pieces that hold a stretch of the bytes lie in the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first and the last piece.
    pub pieces: (u32, u32),
    /// From where to where they lie.
    pub stored: (u64, u64),
    /// Bytes to leave out at the beginning of the first piece.
    pub skip: usize,
}

/// The pieces that hold the bytes from `start` up to but not with `end`, of `size` in all.
pub fn stretch(start: u64, end: u64, size: u64) -> Stretch {
    let piece = PIECE as u64;
    let sealed = (PIECE + TAG) as u64;
    let (first, last) = (start / piece, end.saturating_sub(1).max(start) / piece);
    let until = HEAD as u64 + ((last + 1) * sealed).min(sealed_length(size));
    let number = |index: u64| u32::try_from(index).unwrap_or(u32::MAX);
    Stretch {
        pieces: (number(first), number(last)),
        stored: (HEAD as u64 + first * sealed, until),
        skip: usize::try_from(start % piece).unwrap_or(0),
    }
}

/// The length of all pieces of so many bytes. No bytes are one empty piece.
fn sealed_length(size: u64) -> u64 {
    let pieces = size.div_ceil(PIECE as u64).max(1);
    size + pieces * TAG as u64
}

/// Seals and opens the pieces of one object.
pub struct Sealer {
    stream: StreamBE32<XChaCha20Poly1305>,
    file: Uuid,
}

impl Sealer {
    /// For a new object: with its head.
    pub fn begin(key: &DataKey, file: Uuid) -> Result<(Self, Vec<u8>), VaultError> {
        let nonce: [u8; NONCE] = crate::vault::random()?;
        let head = [FORM.as_slice(), &nonce].concat();
        Ok((Self::with(key, file, &nonce), head))
    }

    /// For the object that has this head; none where it is of no form that is known.
    pub fn of(key: &DataKey, file: Uuid, head: &[u8]) -> Option<Self> {
        let nonce = head.strip_prefix(FORM.as_slice())?;
        (nonce.len() == NONCE).then(|| Self::with(key, file, nonce))
    }

    fn with(key: &DataKey, file: Uuid, nonce: &[u8]) -> Self {
        let cipher = XChaCha20Poly1305::new(key.into());
        Self {
            stream: StreamBE32::from_aead(cipher, GenericArray::from_slice(nonce)),
            file,
        }
    }

    pub fn seal(&self, index: u32, last: bool, piece: &[u8]) -> Result<Vec<u8>, VaultError> {
        let sealed = self.stream.encrypt(index, last, self.payload(piece));
        sealed.map_err(|_| self.broken())
    }

    pub fn open(&self, index: u32, last: bool, piece: &[u8]) -> Result<Vec<u8>, VaultError> {
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
    fn a_stretch_names_the_pieces_that_hold_it() {
        let (piece, size) = (PIECE as u64, 2 * PIECE as u64 + 10);
        let sealed = piece + TAG as u64;
        let head = HEAD as u64;
        let of = |start, end| stretch(start, end, size);
        assert_eq!(of(0, 1).stored, (head, head + sealed));
        assert_eq!(of(piece - 1, piece + 1).pieces, (0, 1));
        assert_eq!(of(piece, piece + 1).pieces, (1, 1));
        assert_eq!(
            of(2 * piece + 3, size),
            Stretch {
                pieces: (2, 2),
                stored: (head + 2 * sealed, head + 2 * sealed + 10 + TAG as u64),
                skip: 3
            }
        );
        // Nothing at all is one empty piece; a full last piece is followed by none.
        assert_eq!(stretch(0, 0, 0).stored, (head, head + TAG as u64));
        assert_eq!(stretch(0, piece, piece).stored, (head, head + sealed));
    }

    #[test]
    fn pieces_open_in_their_place_alone() {
        let key = [7; 32];
        let (sealer, head) = Sealer::begin(&key, FILE).unwrap();
        let sealed = sealer.seal(3, true, b"bytes").unwrap();
        let reader = |key, file| Sealer::of(key, file, &head).unwrap();
        assert_eq!(reader(&key, FILE).open(3, true, &sealed).unwrap(), b"bytes");
        assert!(reader(&key, FILE).open(2, true, &sealed).is_err());
        assert!(reader(&key, FILE).open(3, false, &sealed).is_err());
        assert!(reader(&key, Uuid::nil()).open(3, true, &sealed).is_err());
        assert!(reader(&[8; 32], FILE).open(3, true, &sealed).is_err());
        assert!(Sealer::of(&key, FILE, b"CSF2").is_none());
    }
}
