//! Spikes of a sample as a list.

/// Spikes of a sample, each a time and the index of the input that fires.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// Times in ms from the beginning of the sample, 0 or more.
    pub times: Vec<f64>,
    /// Index of the input of each time.
    pub inputs: Vec<usize>,
}

impl Events {
    /// Refuses lists of different length, times below 0, and inputs that do not exist.
    pub(super) fn check(&self, inputs: usize) -> Result<(), String> {
        let Events { times, inputs: ids } = self;
        if times.len() != ids.len() {
            return Err(format!("was given {} times and {} inputs, expected one for each,", times.len(), ids.len()));
        }
        if let Some(time) = times.iter().find(|time| !(time.is_finite() && **time >= 0.0)) {
            return Err(format!("was given an event at {time} ms, expected 0 or more,"));
        }
        match ids.iter().find(|id| **id >= inputs) {
            Some(id) => Err(format!("was given an event of input {id}, expected one below {inputs},")),
            None => Ok(()),
        }
    }
}
