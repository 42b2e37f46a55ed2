//! Descriptions, the JSON that a Gram begins with: a network or a classical kernel, and what both need to
//! say where one is wrong.

use crate::classical::Kernel;
use crate::error::{Code, Error, Result};
use crate::network::{Axes, Layer};
use serde_json::{Map, Value};

/// What a Gram can be computed of.
#[derive(Debug, Clone, PartialEq)]
pub enum Description {
    Network(Layer),
    Kernel(Kernel),
}

impl Description {
    /// Decodes either from its JSON text, by its type.
    ///
    /// Errors: code `network`, with the path of the offending field, its value and what was expected.
    ///
    /// ```
    /// use orbit_kernels_core::description::Description;
    /// let text = r#"{"type":"sumKernel","kernels":[{"type":"rbfKernel","gamma":-1}]}"#;
    /// let error = Description::parse(text).unwrap_err();
    /// assert_eq!(error.path.as_deref(), Some("kernels[0].gamma"));
    /// ```
    pub fn parse(text: &str) -> Result<Description> {
        let value = json(text)?;
        match value.get("type").and_then(Value::as_str) {
            Some(kind) if Kernel::TYPES.contains(&kind) => {
                Kernel::decode(&value, "").map(Description::Kernel)
            }
            Some(kind) if !Layer::TYPES.contains(&kind) => {
                let all = [&Layer::TYPES[..], &Kernel::TYPES[..]].concat();
                Err(Fields::of(&value, "", &all)?.unknown_type())
            }
            _ => Layer::decode(&value, "").map(Description::Network),
        }
    }

    /// The canonical JSON: all defaults filled in, keys sorted; equal descriptions have equal text.
    pub fn canonical(&self) -> String {
        match self {
            Description::Network(network) => network.canonical(),
            Description::Kernel(kernel) => kernel.canonical(),
        }
    }
}

/// A description as a JSON value.
pub fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("the network or kernel is not JSON: {error}");
        Error::new(Code::Network, message).expected("a JSON object")
    })
}

/// The fields of one object of a description; what is not asked for is unknown.
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
    types: &'a [&'static str],
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of the object at `path`, which has one of some types.
    pub fn of(value: &'a Value, path: &'a str, types: &'a [&'static str]) -> Result<Self> {
        match value.as_object() {
            Some(map) => Ok(Fields { map, path, types, asked: vec!["type"] }),
            None => Err(fault(path, value, "an object with a field \"type\"", "not an object")),
        }
    }

    pub fn kind(&self) -> Result<&'a str> {
        match self.map.get("type") {
            Some(Value::String(kind)) => Ok(kind),
            _ => Err(self.unknown_type()),
        }
    }

    /// The error about this object's type.
    pub fn unknown_type(&self) -> Error {
        let value = self.map.get("type").unwrap_or(&Value::Null);
        self.fault("type", value, &format!("one of {}", self.types.join(", ")), "unknown type")
    }

    /// A field as it is, if it is there.
    pub fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.map.get(name)
    }

    /// The decoded entries of a list, of at least `least` entries.
    pub fn list<Item>(
        &mut self,
        name: &'static str,
        least: usize,
        decode: impl Fn(&Value, &str) -> Result<Item>,
    ) -> Result<Vec<Item>> {
        match self.get(name) {
            Some(Value::Array(entries)) if entries.len() >= least => {
                let path = join(self.path, name);
                let decode = |(k, entry)| decode(entry, &format!("{path}[{k}]"));
                entries.iter().enumerate().map(decode).collect()
            }
            other => {
                let value = other.unwrap_or(&Value::Null);
                let count = if least == 0 { "an" } else { "a filled" };
                Err(self.fault(name, value, &format!("{count} array of {name}"), "wrong list"))
            }
        }
    }

    /// A number of any sign.
    pub fn number(&mut self, name: &'static str, default: f64) -> Result<f64> {
        self.checked(name, Some(default), "a finite number", Value::as_f64)
    }

    pub fn required_number(&mut self, name: &'static str) -> Result<f64> {
        self.checked(name, None, "a finite number", Value::as_f64)
    }

    /// A share of what there is, but not nothing.
    pub fn rate(&mut self, name: &'static str) -> Result<f64> {
        let read = |value: &Value| value.as_f64().filter(|&rate| rate > 0.0 && rate <= 1.0);
        self.checked(name, None, "a number > 0 and ≤ 1", read)
    }

    pub fn flag(&mut self, name: &'static str, default: bool) -> Result<bool> {
        self.checked(name, Some(default), "true or false", Value::as_bool)
    }

    /// Rows and columns.
    pub fn counts(
        &mut self,
        name: &'static str,
        default: Option<[usize; 2]>,
    ) -> Result<[usize; 2]> {
        let read = |value: &Value| {
            let count = |entry: &Value| entry.as_u64().filter(|&count| count > 0);
            match &value.as_array()?[..] {
                [rows, columns] => Some([count(rows)? as usize, count(columns)? as usize]),
                _ => None,
            }
        };
        self.checked(name, default, "two positive integers, [rows, columns]", read)
    }

    /// One axis or a list of axes.
    pub fn axes(&mut self, name: &'static str, default: i64) -> Result<Axes> {
        let read = |value: &Value| match value {
            Value::Array(entries) if !entries.is_empty() => {
                entries.iter().map(Value::as_i64).collect::<Option<Vec<_>>>().map(Axes::List)
            }
            value => value.as_i64().map(Axes::One),
        };
        self.checked(name, Some(Axes::One(default)), "an integer or a list of integers", read)
    }

    /// One of a few names.
    pub fn named<Item: Copy>(
        &mut self,
        name: &'static str,
        default: Option<Item>,
        names: &[(&str, Item)],
    ) -> Result<Item> {
        let read = |value: &Value| {
            names.iter().find(|(key, _)| value.as_str() == Some(key)).map(|&(_, item)| item)
        };
        let keys: Vec<&str> = names.iter().map(|&(key, _)| key).collect();
        self.checked(name, default, &format!("one of {}", keys.join(", ")), read)
    }

    pub fn nonnegative(&mut self, name: &'static str, default: f64) -> Result<f64> {
        let read = |value: &Value| value.as_f64().filter(|&number| number >= 0.0);
        self.checked(name, Some(default), "a finite number ≥ 0", read)
    }

    pub fn optional_nonnegative(&mut self, name: &'static str) -> Result<Option<f64>> {
        let read = |value: &Value| match value {
            Value::Null => Some(None),
            value => value.as_f64().filter(|&number| number >= 0.0).map(Some),
        };
        self.checked(name, Some(None), "a finite number ≥ 0, or null", read)
    }

    pub fn positive(&mut self, name: &'static str) -> Result<f64> {
        let read = |value: &Value| value.as_f64().filter(|&number| number > 0.0);
        self.checked(name, None, "a finite number > 0", read)
    }

    pub fn positive_or(&mut self, name: &'static str, default: f64) -> Result<f64> {
        let read = |value: &Value| value.as_f64().filter(|&number| number > 0.0);
        self.checked(name, Some(default), "a finite number > 0", read)
    }

    /// A share of what there was that stays.
    pub fn decay(&mut self, name: &'static str, default: f64) -> Result<f64> {
        let read = |value: &Value| value.as_f64().filter(|rate| (0.0..1.0).contains(rate));
        self.checked(name, Some(default), "a number ≥ 0 and < 1", read)
    }

    pub fn optional_count(&mut self, name: &'static str) -> Result<Option<u64>> {
        let read = |value: &Value| match value {
            Value::Null => Some(None),
            value => value.as_u64().filter(|&count| count > 0).map(Some),
        };
        self.checked(name, Some(None), "a positive integer, or null", read)
    }

    pub fn count(&mut self, name: &'static str) -> Result<u64> {
        let read = |value: &Value| value.as_u64().filter(|&count| count > 0);
        self.checked(name, None, "a positive integer", read)
    }

    /// A position, counted from 0.
    pub fn index(&mut self, name: &'static str, default: u64) -> Result<u64> {
        self.checked(name, Some(default), "an integer ≥ 0", Value::as_u64)
    }

    /// One of a few values, each with the number that stands for it.
    pub fn choice<Item: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(f64, Item)],
    ) -> Result<Item> {
        let read = |value: &Value| {
            let number = value.as_f64();
            choices.iter().find(|(key, _)| number == Some(*key)).map(|&(_, item)| item)
        };
        let keys: Vec<String> = choices.iter().map(|(key, _)| key.to_string()).collect();
        self.checked(name, None, &format!("one of {}", keys.join(", ")), read)
    }

    /// What `read` makes of a field, the default where the field is missing.
    fn checked<Item>(
        &mut self,
        name: &'static str,
        default: Option<Item>,
        expected: &str,
        read: impl Fn(&Value) -> Option<Item>,
    ) -> Result<Item> {
        let field = self.get(name);
        let item = match field {
            None => default,
            Some(value) => read(value),
        };
        let wrong = |value| self.fault(name, value, expected, "wrong parameter");
        item.ok_or_else(|| wrong(field.unwrap_or(&Value::Null)))
    }

    /// Refuses the fields that nobody asked for.
    pub fn finish(self) -> Result<()> {
        match self.map.iter().find(|(name, _)| !self.asked.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                let expected = format!("only the fields {}", self.asked.join(", "));
                Err(self.fault(name, value, &expected, "unknown field"))
            }
        }
    }

    fn fault(&self, name: &str, value: &Value, expected: &str, what: &str) -> Error {
        fault(&join(self.path, name), value, expected, what)
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn fault(path: &str, value: &Value, expected: &str, what: &str) -> Error {
    let place = if path.is_empty() { "network or kernel" } else { path };
    Error::new(Code::Network, format!("{place}: {what}: got {value}, expected {expected}"))
        .at(path)
        .value(value.clone())
        .expected(expected)
}
