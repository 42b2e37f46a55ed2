//! The failures that a caller can expect, as data that crosses the boundary.

use serde::Serialize;

/// An expected failure: what went wrong, where, and what would have been right.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub code: Code,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// The words that programs can test; the same as in TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    Network,
    Shape,
    Value,
    Ridge,
    Singular,
    Group,
    File,
}

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            path: None,
            index: None,
            value: None,
            expected: None,
        }
    }

    /// A sample whose kernel does not fit into the precision, by its index.
    pub fn out_of_range(index: usize) -> Self {
        let expected = "inputs and parameters whose kernel fits into the precision";
        let message = format!("the kernel of sample {index} is out of range: expected {expected}");
        Error::new(Code::Value, message).index(index).expected(expected)
    }

    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    pub fn index(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    pub fn value(mut self, value: impl Into<serde_json::Value>) -> Self {
        self.value = Some(value.into());
        self
    }

    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }
}

pub type Result<T> = std::result::Result<T, Error>;
