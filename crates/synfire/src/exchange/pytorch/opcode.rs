//! Instructions of pickles.

use super::callee::Callee;
use super::value::Value;

/// An instruction.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Opcode {
    /// Nothing that matters here.
    Skip,
    Stop,
    Pop,
    PopMark,
    Duplicate,
    Push(Value),
    Text(String),
    StackGlobal,
    Get(u32),
    Put(u32),
    Memoize,
    EmptyList,
    EmptyDict,
    TupleSinceMark,
    TupleOf(usize),
    Append,
    Appends,
    SetItem,
    SetItems,
    /// A function or class with its arguments.
    Call,
    SetState,
    Persistent,
}

/// Bytes of a pickle, read one instruction after the other.
pub(super) struct Code<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Code<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Code { bytes, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..count).ok_or("is cut short")?;
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| "is cut short".to_string())
    }

    fn byte(&mut self) -> Result<usize, String> {
        self.array().map(|[b]| usize::from(b))
    }

    fn length(&mut self) -> Result<usize, String> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| "is cut short".to_string())
    }

    /// A length of 8 bytes; what does not fit is longer than the file.
    fn long_length(&mut self) -> Result<usize, String> {
        Ok(usize::try_from(u64::from_le_bytes(self.array()?)).unwrap_or(usize::MAX))
    }

    fn line(&mut self) -> Result<String, String> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|b| *b == b'\n').ok_or("is cut short")?;
        let line = self.text(end)?;
        self.at += 1;
        Ok(line)
    }

    fn text(&mut self, length: usize) -> Result<String, String> {
        let bytes = self.take(length)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| "has a text that is not UTF-8".to_string())
    }

    /// Bytes, as text where they are one; nothing that is read here needs others.
    fn lossy(&mut self, length: usize) -> Result<Opcode, String> {
        Ok(Opcode::Text(String::from_utf8_lossy(self.take(length)?).into_owned()))
    }

    /// An integer of so many bytes, little-endian; one that does not fit is the largest.
    fn long(&mut self, length: usize) -> Result<Opcode, String> {
        let bytes = self.take(length)?;
        let sign = bytes.last().is_some_and(|b| b & 0x80 != 0);
        let mut all = [if sign { 0xff } else { 0 }; 8];
        Ok(Opcode::Push(Value::Int(match all.get_mut(..bytes.len()) {
            Some(low) => {
                low.copy_from_slice(bytes);
                i64::from_le_bytes(all)
            }
            None => i64::MAX,
        })))
    }

    /// The next instruction.
    pub(super) fn next(&mut self) -> Result<Opcode, String> {
        let int = |value: i64| Opcode::Push(Value::Int(value));
        let code = self.byte()? as u8;
        Ok(match code {
            b'.' => Opcode::Stop,
            b'0' => Opcode::Pop,
            b'1' => Opcode::PopMark,
            b'2' => Opcode::Duplicate,
            b'(' => Opcode::Push(Value::Mark),
            b'N' => Opcode::Push(Value::None),
            0x88 => Opcode::Push(Value::Bool(true)),
            0x89 => Opcode::Push(Value::Bool(false)),
            b'J' => int(i32::from_le_bytes(self.array()?).into()),
            b'K' => int(self.byte()? as i64),
            b'M' => int(u16::from_le_bytes(self.array()?).into()),
            0x8a => {
                let length = self.byte()?;
                self.long(length)?
            }
            0x8b => {
                let length = self.length()?;
                self.long(length)?
            }
            b'G' => {
                self.take(8)?;
                Opcode::Push(Value::Other)
            }
            b'X' => {
                let length = self.length()?;
                Opcode::Text(self.text(length)?)
            }
            0x8c => {
                let length = self.byte()?;
                Opcode::Text(self.text(length)?)
            }
            0x8d => {
                let length = self.long_length()?;
                Opcode::Text(self.text(length)?)
            }
            b'T' | b'B' => {
                let length = self.length()?;
                self.lossy(length)?
            }
            b'U' | b'C' => {
                let length = self.byte()?;
                self.lossy(length)?
            }
            0x8e => {
                let length = self.long_length()?;
                self.lossy(length)?
            }
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                Opcode::Push(Value::Callee(Callee::named(&module, &name)))
            }
            0x93 => Opcode::StackGlobal,
            b'h' => Opcode::Get(self.byte()? as u32),
            b'j' => Opcode::Get(u32::from_le_bytes(self.array()?)),
            b'q' => Opcode::Put(self.byte()? as u32),
            b'r' => Opcode::Put(u32::from_le_bytes(self.array()?)),
            0x94 => Opcode::Memoize,
            b']' => Opcode::EmptyList,
            b'}' => Opcode::EmptyDict,
            b')' => Opcode::TupleOf(0),
            b't' => Opcode::TupleSinceMark,
            0x85..=0x87 => Opcode::TupleOf(usize::from(code - 0x84)),
            b'a' => Opcode::Append,
            b'e' => Opcode::Appends,
            b's' => Opcode::SetItem,
            b'u' => Opcode::SetItems,
            b'R' | 0x81 => Opcode::Call,
            b'b' => Opcode::SetState,
            b'Q' => Opcode::Persistent,
            0x80 => {
                self.take(1)?;
                Opcode::Skip
            }
            0x95 => {
                self.take(8)?;
                Opcode::Skip
            }
            // sets of Python values; they hold no tensors
            0x8f => Opcode::Push(Value::Other),
            0x90 => Opcode::PopMark,
            other => return Err(format!("has an instruction {other:#04x} that state dicts do not need")),
        })
    }
}
