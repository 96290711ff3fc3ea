//! The stack machine of Python's pickles, as far as tensors and their containers need it.
//!
//! A pickle is a program that calls functions by name. Here a call makes a tensor, a container, or an object that is of
//! no interest ([`Value::Other`]); no function is ever looked up. Each instruction makes at most as many values as it has
//! bytes, so memory grows with the file and with nothing that is written in it.

use super::callee::Callee;
use super::opcode::{Code, Opcode};
use super::tensor::rebuild;
use super::value::{Heap, Storage, Value};
use std::collections::HashMap;

/// The value that a pickle is of, with the heap that it lies in.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) heap: Heap,
    pub(super) result: Value,
}

/// Runs a pickle. Messages go on after its name.
pub(super) fn run(bytes: &[u8]) -> Result<Program, String> {
    let mut machine = Machine { code: Code::new(bytes), stack: vec![], memo: HashMap::new(), heap: Heap::default() };
    loop {
        let at = machine.code.position();
        match machine.step() {
            Ok(None) => {}
            Ok(Some(result)) => return Ok(Program { heap: machine.heap, result }),
            Err(problem) => return Err(format!("{problem} (at byte {at}); download or save the file again")),
        }
    }
}

struct Machine<'a> {
    code: Code<'a>,
    stack: Vec<Value>,
    memo: HashMap<u32, Value>,
    heap: Heap,
}

impl Machine<'_> {
    /// Executes one instruction; returns the result at the last one.
    fn step(&mut self) -> Result<Option<Value>, String> {
        let value = match self.code.next()? {
            Opcode::Skip => return Ok(None),
            Opcode::Stop => return self.pop().map(Some),
            Opcode::Pop => {
                self.pop()?;
                return Ok(None);
            }
            Opcode::PopMark => {
                self.since_mark()?;
                return Ok(None);
            }
            Opcode::Duplicate => self.top()?,
            Opcode::Push(value) => value,
            Opcode::Text(text) => self.heap.new_text(text),
            Opcode::StackGlobal => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Some(module), Some(name)) = (self.heap.text(module), self.heap.text(name)) else {
                    return Err("names a class by something that is no text".to_string());
                };
                Value::Callee(Callee::named(module, name))
            }
            Opcode::Get(index) => match self.memo.get(&index) {
                Some(value) => *value,
                None => return Err(format!("uses value {index}, which it has not kept")),
            },
            Opcode::Put(index) => {
                let top = self.top()?;
                self.memo.insert(index, top);
                return Ok(None);
            }
            Opcode::Memoize => {
                let (top, index) = (self.top()?, self.memo.len() as u32);
                self.memo.insert(index, top);
                return Ok(None);
            }
            Opcode::EmptyList => self.heap.new_list(vec![]),
            Opcode::EmptyDict => self.heap.new_dict(),
            Opcode::TupleSinceMark => {
                let items = self.since_mark()?;
                self.heap.new_list(items)
            }
            Opcode::TupleOf(count) => {
                let items = self.last(count)?;
                self.heap.new_list(items)
            }
            Opcode::Append => {
                let item = self.last(1)?;
                let list = self.top()?;
                self.heap.append(list, item);
                return Ok(None);
            }
            Opcode::Appends => {
                let items = self.since_mark()?;
                let list = self.top()?;
                self.heap.append(list, items);
                return Ok(None);
            }
            Opcode::SetItem => {
                let items = self.last(2)?;
                return self.set_items(&items);
            }
            Opcode::SetItems => {
                let items = self.since_mark()?;
                return self.set_items(&items);
            }
            Opcode::Call => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.call(function, arguments)?
            }
            // state of an object that is of no interest, such as the versions of a state dict's modules
            Opcode::SetState => {
                self.pop()?;
                return Ok(None);
            }
            Opcode::Persistent => {
                let id = self.pop()?;
                self.persistent(id)?
            }
        };
        self.stack.push(value);
        Ok(None)
    }

    fn set_items(&mut self, items: &[Value]) -> Result<Option<Value>, String> {
        let dict = self.top()?;
        self.heap.insert(dict, items.as_chunks().0.iter().map(|[key, value]| (*key, *value)));
        Ok(None)
    }

    fn call(&mut self, callee: Value, arguments: Value) -> Result<Value, String> {
        let Value::Callee(callee) = callee else { return Ok(Value::Other) };
        let first = self.heap.items(arguments).and_then(|items| items.first().copied());
        match callee {
            Callee::OrderedDict => Ok(self.heap.new_dict()),
            Callee::Parameter | Callee::Shape => Ok(first.unwrap_or(Value::None)),
            Callee::Tensor => {
                let tensor = rebuild(&self.heap, arguments)?;
                Ok(self.heap.new_tensor(tensor))
            }
            Callee::Element(_) | Callee::Other => Ok(Value::Other),
        }
    }

    /// A storage, by the tuple `("storage", class, key, device, elements)`.
    fn persistent(&mut self, id: Value) -> Result<Value, String> {
        match self.heap.items(id) {
            Some(&[_, Value::Callee(class), Value::Text(key), ..]) => {
                let element = if let Callee::Element(element) = class { Some(element) } else { None };
                Ok(Value::Storage(Storage { element, key }))
            }
            _ => Err("refers to something that is no storage".to_string()),
        }
    }

    fn top(&self) -> Result<Value, String> {
        self.stack.last().copied().ok_or_else(underflow)
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.stack.pop().ok_or_else(underflow)
    }

    fn last(&mut self, count: usize) -> Result<Vec<Value>, String> {
        let first = self.stack.len().checked_sub(count).ok_or_else(underflow)?;
        Ok(self.stack.split_off(first))
    }

    fn since_mark(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark).ok_or_else(underflow)?;
        let items = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(items)
    }
}

fn underflow() -> String {
    "takes a value that it has not made".to_string()
}
