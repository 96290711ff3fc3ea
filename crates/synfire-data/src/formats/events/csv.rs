//! CSV files with an event in each line: columns `t` (µs), `x`, and if there are `y` and `p` (1 or more: ON).

use crate::formats::{SampleFormat, text};
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "CSV of events", recognises: |head, _| columns(text::first_line(head)).is_some(), read };

const NAMES: [&[&str]; 4] = [
    &["t", "ts", "time", "timestamp", "t_us"],
    &["x", "unit", "neuron", "column"],
    &["y", "row"],
    &["p", "pol", "polarity", "on"],
];

/// Positions of `t`, `x`, `y` and `p` in a heading.
fn columns(line: &str) -> Option<[Option<usize>; 4]> {
    let fields: Vec<String> = line.split(',').map(|field| field.trim().trim_matches('"').to_lowercase()).collect();
    let found = NAMES.map(|names| fields.iter().position(|field| names.contains(&field.as_str())));
    let all = found.iter().flatten().count() == fields.len();
    (found[0].is_some() && found[1].is_some() && all).then_some(found)
}

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let heading = text::first_line(bytes);
    let columns = columns(heading).ok_or_else(|| {
        DataError::format(FORMAT.name, 0, format!("the columns `{heading}`"), "t and x, perhaps y and p")
    })?;
    let mut events = Vec::new();
    let mut offset = 0;
    for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        let begin = offset;
        offset += line.len() + 1;
        if number == 0 || line.trim_ascii().is_empty() {
            continue;
        }
        events.push(event(line, columns).map_err(|(field, expected)| {
            DataError::format(FORMAT.name, begin, format!("line {} has `{field}`", number + 1), expected)
        })?);
    }
    let [_, _, y, p] = columns;
    let recording = Recording::new(events, None, p.is_none());
    let sensor = y.is_none().then(|| [1, recording.extent()[1].max(1)]);
    Ok(Raw::Events(Recording { sensor, ..recording }))
}

/// An event, or the field that is none and what it should be.
fn event(line: &[u8], columns: [Option<usize>; 4]) -> Result<Event, (String, &'static str)> {
    let fields: Vec<&[u8]> = line.split(|&byte| byte == b',').collect();
    let number = |column: usize, most: f64, expected: &'static str| {
        let Some(column) = columns[column] else { return Ok(0.0) };
        let field = String::from_utf8_lossy(fields.get(column).copied().unwrap_or_default());
        let number: Option<f64> = field.trim().parse().ok().filter(|value| (0.0..=most).contains(value));
        number.ok_or_else(|| (field.trim().chars().take(40).collect(), expected))
    };
    let time = number(0, 9e15, "a time in µs of 0 or more")?;
    let x = number(1, 65535.0, "a column from 0 to 65535")?;
    let y = number(2, 65535.0, "a row from 0 to 65535")?;
    let on = number(3, 255.0, "a polarity of 0 or 1")? >= 1.0;
    Ok(Event { time: time as u64, x: x as u16, y: y as u16, on })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_events_and_errors_name_them() {
        let file = b"x,t,p,y\r\n3,100,1,4\r\n2,50,0,1\r\n\r\n";
        assert!((FORMAT.recognises)(file, "a.csv".as_ref()) && !(FORMAT.recognises)(b"a,b,label\n", "a.csv".as_ref()));
        let Raw::Events(recording) = read(file, &DataOptions::default()).unwrap() else { panic!() };
        assert_eq!(recording.events[0], Event { time: 50, x: 2, y: 1, on: false });
        assert_eq!(recording.events[1], Event { time: 100, x: 3, y: 4, on: true });
        let error = read(b"t,x\n1,2\n-3,1\n", &DataOptions::default()).unwrap_err().to_string();
        assert!(error.contains("byte 8: line 3 has `-3`") && error.contains("0 or more"), "{error}");
    }
}
