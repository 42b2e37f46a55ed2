//! Network descriptions: what is understood, what is refused and where.

use orbit_kernels_core::error::Code;
use orbit_kernels_core::kernel::Plan;
use orbit_kernels_core::network::Layer;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn defaults_are_filled_in() {
    let network =
        r#"{"layers":[{"type":"dense"},{"type":"erf","b":2},{"type":"identity"}],"type":"serial"}"#;
    let canonical = concat!(
        r#"{"layers":[{"biasStd":null,"type":"dense","weightStd":1.0,"width":null},"#,
        r#"{"a":1.0,"b":2.0,"c":0.0,"type":"erf"},{"type":"identity"}],"type":"serial"}"#
    );
    let parsed = Layer::parse(network).unwrap();
    assert_eq!(parsed.canonical(), canonical);
    assert_eq!(Layer::parse(canonical).unwrap(), parsed);
}

#[test]
fn faults_have_a_path() {
    for (text, path) in [
        (r#"[]"#, ""),
        (r#"{}"#, "type"),
        (r#"{"type":3}"#, "type"),
        (r#"{"type":"conv3d"}"#, "type"),
        (r#"{"type":"serial"}"#, "layers"),
        (r#"{"type":"serial","layers":[{"type":"relu","alpha":1}]}"#, "layers[0].alpha"),
        (
            r#"{"type":"serial","layers":[{"type":"relu"},{"type":"serial","layers":[0]}]}"#,
            "layers[1].layers[0]",
        ),
        (r#"{"type":"dense","weightStd":null}"#, "weightStd"),
        (r#"{"type":"dense","biasStd":"0"}"#, "biasStd"),
        (r#"{"type":"dense","width":1.5}"#, "width"),
        (r#"{"type":"erf","c":null}"#, "c"),
    ] {
        let error = Layer::parse(text).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::Network, Some(path)), "{text}");
        assert!(error.expected.is_some() && error.value.is_some());
    }
    assert_eq!(Layer::parse("{").unwrap_err().code, Code::Network);
}

#[test]
fn nonlinearities_need_a_gaussian_input() {
    let plan = |text: &str| Plan::new(&Layer::parse(text).unwrap(), &[3]);
    let twice = r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"},{"type":"identity"},{"type":"erf"}]}"#;
    assert_eq!(plan(twice).unwrap_err().path.as_deref(), Some("layers[3]"));
    assert_eq!(plan(r#"{"type":"relu"}"#).unwrap_err().path.as_deref(), Some(""));
}

#[test]
fn pairs_are_acute_after_a_relu() {
    let network = r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"},{"type":"dense"},{"type":"relu"}]}"#;
    let steps = Plan::new(&Layer::parse(network).unwrap(), &[3]).unwrap().steps;
    let acute = steps.iter().map(|step| step.acute);
    assert_eq!(acute.collect::<Vec<_>>(), [false, false, true, true]);
}

#[test]
fn layers_that_are_only_trained_have_no_kernel() {
    let attention = r#"{"type":"attention","heads":2}"#;
    let canonical = r#"{"biasStd":null,"heads":2,"keyWidth":null,"type":"attention"}"#;
    assert_eq!(Layer::parse(attention).unwrap().canonical(), canonical);
    for (text, path, kind) in [
        (attention, "", "attention"),
        (r#"{"type":"serial","layers":[{"type":"dense"},{"type":"gelu"}]}"#, "layers[1]", "gelu"),
        (
            r#"{"type":"serial","layers":[{"type":"fanOut","count":1},{"type":"parallel","layers":[{"type":"maxPool","size":[2,2]}]},{"type":"fanInSum"}]}"#,
            "layers[1].layers[0]",
            "maxPool",
        ),
    ] {
        let error = Plan::new(&Layer::parse(text).unwrap(), &[4, 4]).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::Network, Some(path)), "{error}");
        let why = format!("{kind} has no infinite-width kernel here; it can be trained");
        assert!(error.message.contains(&why), "{error}");
    }
}
