//! What is wrong is said with its path.

mod common;

use common::data;
use orbit_kernels_core::error::Code;
use orbit_kernels_training::training::{Targets, Training};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn networks() {
    let wrong = [
        (r#"{"type":"dense"}"#, "[4]", "layers[0].width"),
        (r#"{"type":"conv","size":[3,3]}"#, "[4,4]", "layers[0].outChannels"),
        (r#"{"type":"relu"}"#, "[4]", "network"),
        (r#"{"type":"conv","size":[3,3],"outChannels":2}"#, "[4]", "layers[0]"),
        (r#"{"type":"conv","size":[5,5],"outChannels":2,"padding":"valid"}"#, "[4,4]", "layers[0]"),
        (
            r#"{"type":"conv","size":[3,3],"outChannels":2},{"type":"dense","width":1}"#,
            "[4,4]",
            "layers[1]",
        ),
        (r#"{"type":"dense","width":2},{"type":"maxPool","size":[2,2]}"#, "[4]", "layers[1]"),
        (r#"{"type":"dense","width":2},{"type":"classToken"}"#, "[4]", "layers[1]"),
        (r#"{"type":"patches","size":[3,3]},{"type":"classToken"}"#, "[4,4]", "layers[0]"),
        (r#"{"type":"patches","size":[2,2]},{"type":"attention","heads":3}"#, "[4,4]", "layers[1]"),
        (r#"{"type":"patches","size":[2,2]},{"type":"takeToken","index":4}"#, "[4,4]", "layers[1]"),
        (r#"{"type":"dense","width":2},{"type":"layerNorm","axis":2}"#, "[4]", "layers[1].axis"),
        (r#"{"type":"conv","size":[3,3],"outChannels":2},{"type":"relu"}"#, "[4,4]", "layers[1]"),
        (r#"{"type":"dense","width":1000000000000}"#, "[4]", "layers.0.weight"),
        (
            r#"{"type":"fanOut","count":2},{"type":"parallel","layers":[{"type":"dense","width":2},{"type":"identity"}]},{"type":"fanInSum"}"#,
            "[4]",
            "layers[2]",
        ),
    ];
    for (layers, shape, path) in wrong {
        let network = format!(r#"{{"type":"serial","layers":[{layers}]}}"#);
        let settings = format!(r#"{{"network":{network},"shape":{shape}}}"#);
        let error = Training::new(&settings).err().unwrap_or_else(|| panic!("{layers}"));
        assert_eq!((error.code, error.path.as_deref()), (Code::Network, Some(path)), "{error}");
        assert!(error.expected.is_some());
    }
}

#[test]
fn settings() {
    let wrong = [
        (r#""shape":[]"#, "shape"),
        (r#""shape":[2,0]"#, "shape[1]"),
        (r#""shape":[2],"loss":"hinge""#, "loss"),
        (r#""shape":[2],"loss":"crossEntropy""#, "loss"),
        (r#""shape":[2],"optimizer":{"type":"lion"}"#, "optimizer.type"),
        (r#""shape":[2],"optimizer":{"type":"sgd"}"#, "optimizer.rate"),
        (r#""shape":[2],"optimizer":{"type":"adam","beta1":1}"#, "optimizer.beta1"),
        (r#""shape":[2],"precision":"f16""#, "precision"),
        (r#""shape":[2],"parameterization":"ntk","init":"uniform""#, "init"),
        (r#""shape":[2],"seed":-1"#, "seed"),
        (r#""shape":[2],"epochs":3"#, "epochs"),
    ];
    for (fields, path) in wrong {
        let settings = format!(r#"{{"network":{{"type":"dense","width":1}},{fields}}}"#);
        let error = Training::new(&settings).err().unwrap_or_else(|| panic!("{fields}"));
        assert_eq!((error.code, error.path.as_deref()), (Code::Value, Some(path)), "{error}");
    }
}

#[test]
fn samples() {
    let settings = r#"{"network":{"type":"dense","width":2},"shape":[3],"precision":"f64"}"#;
    let mut training = Training::new(settings).unwrap();
    assert_eq!(training.steps(&[0], 1).unwrap_err().code, Code::Value);
    assert_eq!(training.predict(data(&[1.0; 4])).unwrap_err().code, Code::Shape);
    let infinite = training.predict(data(&[1.0, 1.0, 1.0, 1.0, f64::NAN, 1.0])).unwrap_err();
    assert_eq!((infinite.code, infinite.index), (Code::Value, Some(1)));
    let mut hold = |targets: Targets| training.hold(data(&[1.0; 6]), targets).unwrap_err();
    assert_eq!(hold(Targets::Classes(&[0])).code, Code::Shape);
    assert_eq!(hold(Targets::Numbers(data(&[0.0; 3]))).code, Code::Shape);
    assert_eq!(hold(Targets::Classes(&[0, 2])).index, Some(1));
    training.hold(data(&[1.0; 6]), Targets::Classes(&[0, 1])).unwrap();
    assert_eq!(training.steps(&[0, 1, 2], 1).unwrap_err().index, Some(2));
}
