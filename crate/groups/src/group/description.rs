//! Descriptions of groups: from JSON and back, with the path of whatever is wrong.

use super::{fault, join};
use orbit_kernels_core::error::{Code, Error, Result};
use serde_json::{Map, Value, json};

/// A group as its JSON form names it.
#[derive(Debug, Clone, PartialEq)]
pub enum Description {
    /// `{"type":"cyclic","order":n}`: element k is the k-th power of the generator.
    Cyclic { order: usize },
    /// `{"type":"dihedral","order":n}`: n rotations and n reflections; `r^a s^b`, s applied first,
    /// has index `a + n·b`.
    Dihedral { order: usize },
    /// `{"type":"symmetric","degree":n}`, n ≤ 5: all permutations in lexicographic order;
    /// `(gh)(x) = g(h(x))`.
    Symmetric { degree: usize },
    /// `{"type":"alternating","degree":n}`, n ≤ 5: the even permutations, likewise.
    Alternating { degree: usize },
    /// `{"type":"quaternion"}`: 1, −1, i, −i, j, −j, k, −k.
    Quaternion,
    /// `{"type":"product","factors":[…]}`: tuples, the last factor fastest.
    Product(Vec<Description>),
    /// `{"type":"permutations","generators":[[…],…]}`: what the generators generate, breadth first
    /// from the identity by multiplication with the generators from the right; `(gh)(x) = g(h(x))`.
    Permutations(Vec<Vec<usize>>),
    /// `{"type":"table","table":[[…],…]}`: row g, column h holds gh; any element may be the identity.
    Table(Vec<Vec<usize>>),
}

const KNOWN: &str =
    "one of cyclic, dihedral, symmetric, alternating, quaternion, product, permutations, table";

/// The largest degree of symmetric and alternating groups.
const LARGEST_DEGREE: u64 = 5;

impl Description {
    /// Decodes a group from its JSON text.
    ///
    /// Errors: code `group`, with the path of the offending field, its value and what was expected.
    ///
    /// ```
    /// use orbit_kernels_groups::group::Description;
    /// let text = r#"{"type":"product","factors":[{"type":"cyclic","order":0}]}"#;
    /// let error = Description::parse(text).unwrap_err();
    /// assert_eq!(error.path.as_deref(), Some("factors[0].order"));
    /// ```
    pub fn parse(text: &str) -> Result<Description> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            Error::new(Code::Group, format!("the group is not JSON: {error}"))
                .expected("a JSON object")
        })?;
        decode(&value, "")
    }

    /// The canonical JSON, keys sorted: equal descriptions have equal text.
    pub fn canonical(&self) -> String {
        self.to_json().to_string()
    }

    fn to_json(&self) -> Value {
        match self {
            Description::Cyclic { order } => json!({"type": "cyclic", "order": order}),
            Description::Dihedral { order } => json!({"type": "dihedral", "order": order}),
            Description::Symmetric { degree } => json!({"type": "symmetric", "degree": degree}),
            Description::Alternating { degree } => {
                json!({"type": "alternating", "degree": degree})
            }
            Description::Quaternion => json!({"type": "quaternion"}),
            Description::Product(factors) => {
                let factors: Vec<Value> = factors.iter().map(Description::to_json).collect();
                json!({"type": "product", "factors": factors})
            }
            Description::Permutations(generators) => {
                json!({"type": "permutations", "generators": generators})
            }
            Description::Table(table) => json!({"type": "table", "table": table}),
        }
    }
}

fn decode(value: &Value, path: &str) -> Result<Description> {
    let Some(fields) = value.as_object() else {
        return Err(fault(path, value, "an object with a field \"type\"", "not a group"));
    };
    let kind = fields.get("type").unwrap_or(&Value::Null);
    let (name, description) = match kind.as_str() {
        Some("cyclic") => {
            ("order", Description::Cyclic { order: count(fields, path, "order", None)? })
        }
        Some("dihedral") => {
            ("order", Description::Dihedral { order: count(fields, path, "order", None)? })
        }
        Some("symmetric") => {
            let degree = count(fields, path, "degree", Some(LARGEST_DEGREE))?;
            ("degree", Description::Symmetric { degree })
        }
        Some("alternating") => {
            let degree = count(fields, path, "degree", Some(LARGEST_DEGREE))?;
            ("degree", Description::Alternating { degree })
        }
        Some("quaternion") => ("type", Description::Quaternion),
        Some("product") => {
            let factors = list(fields, path, "factors", "an array of groups")?;
            let factors = factors.map(|(factor, path)| decode(factor, &path));
            ("factors", Description::Product(factors.collect::<Result<_>>()?))
        }
        Some("permutations") => {
            ("generators", Description::Permutations(rows(fields, path, "generators")?))
        }
        Some("table") => ("table", Description::Table(rows(fields, path, "table")?)),
        _ => return Err(fault(&join(path, "type"), kind, KNOWN, "unknown group type")),
    };
    match fields.iter().find(|(field, _)| *field != "type" && *field != name) {
        None => Ok(description),
        Some((field, value)) => {
            let expected = if name == "type" {
                "only the field type".to_string()
            } else {
                format!("only the fields type, {name}")
            };
            Err(fault(&join(path, field), value, &expected, "unknown field"))
        }
    }
}

/// A positive integer.
fn count(
    fields: &Map<String, Value>,
    path: &str,
    name: &str,
    largest: Option<u64>,
) -> Result<usize> {
    let value = fields.get(name).unwrap_or(&Value::Null);
    match value.as_u64() {
        // Larger numbers than this overflow nothing yet, and no group has them.
        Some(number) if number >= 1 && number <= largest.unwrap_or(u64::from(u32::MAX)) => {
            Ok(number as usize)
        }
        _ => {
            let expected = match largest {
                None => "a positive integer".to_string(),
                Some(largest) => format!("an integer from 1 to {largest}"),
            };
            Err(fault(&join(path, name), value, &expected, "wrong parameter"))
        }
    }
}

/// The entries of an array, each with its path.
fn list<'a>(
    fields: &'a Map<String, Value>,
    path: &str,
    name: &str,
    expected: &str,
) -> Result<impl Iterator<Item = (&'a Value, String)>> {
    let path = join(path, name);
    match fields.get(name).unwrap_or(&Value::Null) {
        Value::Array(entries) => {
            let entries = entries.iter().enumerate();
            Ok(entries.map(move |(k, entry)| (entry, format!("{path}[{k}]"))))
        }
        other => Err(fault(&path, other, expected, "wrong parameter")),
    }
}

/// An array of arrays of indices.
fn rows(fields: &Map<String, Value>, path: &str, name: &str) -> Result<Vec<Vec<usize>>> {
    let expected = "an array of arrays of integers ≥ 0";
    let row = |(row, path): (&Value, String)| {
        let Some(entries) = row.as_array() else {
            return Err(fault(&path, row, "an array of integers ≥ 0", "wrong parameter"));
        };
        let entry = |(k, entry): (usize, &Value)| match entry.as_u64() {
            Some(index) => Ok(usize::try_from(index).unwrap_or(usize::MAX)),
            None => Err(fault(&format!("{path}[{k}]"), entry, "an integer ≥ 0", "not an index")),
        };
        entries.iter().enumerate().map(entry).collect()
    };
    list(fields, path, name, expected)?.map(row).collect()
}
