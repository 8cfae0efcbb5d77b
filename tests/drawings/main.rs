//! Computational graphs and networks in every format, and network tables.
//!
//! `docs/pictures` comes from the examples and from this test. Run `UPDATE_EXPECT=1 cargo test` to update it.
#![allow(clippy::needless_raw_string_hashes)] // expect-test writes them

mod graphs;
mod networks;

use std::fs;
use std::path::PathBuf;

use expect_test::{expect, expect_file};
use networks::{Deep, Images, Nested, Own, TwoLayerNet};
use typenet::graph::{Graph, Kind};
use typenet::{Draw, LayerSummary, Network};

/// Returns all graphs with their names.
fn all() -> Vec<(&'static str, Graph)> {
    vec![
        ("apples", graphs::apples()),
        ("apples-and-oranges", graphs::apples_and_oranges()),
        ("square-of-a-sum", graphs::square_of_a_sum()),
        ("sigmoid", graphs::sigmoid()),
        ("square", graphs::square()),
        ("used-often", graphs::used_often()),
        ("eight-operands", graphs::operands(8)),
        ("forty-operands", graphs::operands(40)),
        ("random", graphs::random(40)),
        ("hostile", graphs::hostile()),
        ("two-layer-net", <TwoLayerNet>::zeros().graph()),
        ("deep", <Deep>::zeros().graph()),
        ("own", Own::<3, f32>::zeros().graph()),
        ("empty", Graph::new()),
    ]
}

/// Writes all drawings for `scripts/check-drawings.sh`, or for viewing.
#[test]
#[ignore = "writes files to the folder TYPENET_DRAWINGS"]
fn drawings_for_other_programs() {
    let folder = PathBuf::from(std::env::var_os("TYPENET_DRAWINGS").expect("TYPENET_DRAWINGS names a folder"));
    for (name, graph) in
        all().into_iter().chain([("nested", <Nested>::zeros().graph()), ("images", <Images>::zeros().graph())])
    {
        for (ending, text) in
            [("svg", graph.to_svg()), ("dot", graph.to_dot()), ("mmd", graph.to_mermaid()), ("txt", graph.to_string())]
        {
            fs::write(folder.join(name).with_extension(ending), text).expect("the folder can be written to");
        }
    }
}

/// Every format contains each node and text as often as the graph.
#[test]
fn nothing_is_left_out() {
    for (name, graph) in all() {
        let (nodes, edges) = (graph.nodes(), graph.edges());
        let lines = |text: &str| text.split('\n').filter(|line| !line.trim().is_empty()).count();
        let texts: usize = nodes.iter().map(|node| lines(&node.label) + lines(&node.gradient)).sum();
        let on_edges: usize = edges.iter().map(|edge| lines(&edge.value) + lines(&edge.gradient)).sum();
        let svg = graph.to_svg();
        let cuts = svg.matches("stroke-dasharray").count(); // each cut has a number
        assert_eq!(svg.matches("<text ").count(), texts + on_edges + cuts, "{name}");
        let (dot, mermaid) = (graph.to_dot(), graph.to_mermaid());
        for node in 0..nodes.len() {
            assert!(dot.contains(&format!("\n  n{node} [label=")), "{name}: {node}");
        }
        assert_eq!(mermaid.matches("-->").count(), edges.len(), "{name}");
        let back = edges.iter().filter(|edge| lines(&edge.gradient) > 0).count();
        assert_eq!(graph.to_string().matches("← ").count(), back, "{name}");
    }
}

#[test]
fn the_documented_picture_is_up_to_date() {
    expect_file!["../../docs/pictures/two-layer-net.svg"].assert_eq(&<TwoLayerNet>::zeros().graph().to_svg());
}

#[test]
fn apples_as_text() {
    expect![[r#"
        [1] ×
            apple   100  ← 2.2
            number  2    ← 110
        [2] ×
            [1] ×  200  ← 1.1
            tax    1.1  ← 200
        price
            [2] ×  220  ← 1
    "#]]
    .assert_eq(&graphs::apples().to_string());
}

#[test]
fn apples_for_graphviz() {
    expect![[r##"
        digraph {
          graph [rankdir=LR, ordering=in, bgcolor=white, fontname=Helvetica];
          node [fontname=Helvetica, fontcolor="#1a1a1a", color="#1a1a1a"];
          edge [fontname=Helvetica, fontsize=12, color="#1a1a1a", arrowsize=0.7];
          n0 [label="apple", shape=plaintext, width=0, height=0];
          n1 [label="number", shape=plaintext, width=0, height=0];
          n2 [label="tax", shape=plaintext, width=0, height=0];
          n3 [label="×", shape=circle, margin=0.03, style=filled, fillcolor="#ffffff", color="#1a1a1a"];
          n4 [label="×", shape=circle, margin=0.03, style=filled, fillcolor="#ffffff", color="#1a1a1a"];
          n5 [label="price", shape=plaintext, width=0, height=0];
          e0 [shape=plain, fontsize=12, label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>100</td></tr><hr/><tr><td><font color="#1d4fd7">2.2</font></td></tr></table>>];
          n0 -> e0:w [arrowhead=none]; e0:e -> n3;
          e1 [shape=plain, fontsize=12, label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>2</td></tr><hr/><tr><td><font color="#1d4fd7">110</font></td></tr></table>>];
          n1 -> e1:w [arrowhead=none]; e1:e -> n3;
          e2 [shape=plain, fontsize=12, label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>200</td></tr><hr/><tr><td><font color="#1d4fd7">1.1</font></td></tr></table>>];
          n3 -> e2:w [arrowhead=none]; e2:e -> n4;
          e3 [shape=plain, fontsize=12, label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>1.1</td></tr><hr/><tr><td><font color="#1d4fd7">200</font></td></tr></table>>];
          n2 -> e3:w [arrowhead=none]; e3:e -> n4;
          e4 [shape=plain, fontsize=12, label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td>220</td></tr><hr/><tr><td><font color="#1d4fd7">1</font></td></tr></table>>];
          n4 -> e4:w [arrowhead=none]; e4:e -> n5;
        }
    "##]]
    .assert_eq(&graphs::apples().to_dot());
}

#[test]
fn apples_for_mermaid() {
    expect![[r#"
        flowchart LR
          n0["apple"]:::plain
          n1["number"]:::plain
          n2["tax"]:::plain
          n3(("×")):::operator
          n4(("×")):::operator
          n5["price"]:::plain
          n0 -->|"100<br/>← 2.2"| n3
          n1 -->|"2<br/>← 110"| n3
          n3 -->|"200<br/>← 1.1"| n4
          n2 -->|"1.1<br/>← 200"| n4
          n4 -->|"220<br/>← 1"| n5
          classDef plain fill:none,stroke:none
          classDef operator fill:#ffffff,stroke:#1a1a1a,color:#1a1a1a
          classDef layer fill:#dcebf9,stroke:#2a6099,color:#1a1a1a
          classDef parameter fill:#fdf0d3,stroke:#9a6b00,color:#1a1a1a
          classDef loss fill:#f9dede,stroke:#a03333,color:#1a1a1a
    "#]]
    .assert_eq(&graphs::apples().to_mermaid());
}

#[test]
fn a_network_as_text() {
    expect![[r#"
        affine1  Affine<784, 50>  39,250 parameters
            x               N x 784
            affine1.weight  784 x 50
            affine1.bias    1 x 50
        relu1  Relu
            affine1  N x 50
        affine2  Affine<50, 10>  510 parameters
            relu1           N x 50
            affine2.weight  50 x 10
            affine2.bias    1 x 10
        loss  SoftmaxWithLoss
            affine2  N x 10
            t
        L
            loss
    "#]]
    .assert_eq(&<TwoLayerNet>::zeros().graph().to_string());
}

#[test]
fn a_network_for_mermaid() {
    expect![[r#"
        flowchart LR
          n0["x"]:::plain
          n1["affine1.weight<br/>784 x 50"]:::parameter
          n2["affine1.bias<br/>1 x 50"]:::parameter
          n3("affine1<br/>Affine#60;784, 50#62;<br/>39,250 parameters"):::layer
          n4("relu1<br/>Relu"):::layer
          n5["affine2.weight<br/>50 x 10"]:::parameter
          n6["affine2.bias<br/>1 x 10"]:::parameter
          n7("affine2<br/>Affine#60;50, 10#62;<br/>510 parameters"):::layer
          n8["t"]:::plain
          n9("loss<br/>SoftmaxWithLoss"):::loss
          n10["L"]:::plain
          n0 -->|"N x 784"| n3
          n1 --> n3
          n2 --> n3
          n3 -->|"N x 50"| n4
          n4 -->|"N x 50"| n7
          n5 --> n7
          n6 --> n7
          n7 -->|"N x 10"| n9
          n8 --> n9
          n9 --> n10
          classDef plain fill:none,stroke:none
          classDef operator fill:#ffffff,stroke:#1a1a1a,color:#1a1a1a
          classDef layer fill:#dcebf9,stroke:#2a6099,color:#1a1a1a
          classDef parameter fill:#fdf0d3,stroke:#9a6b00,color:#1a1a1a
          classDef loss fill:#f9dede,stroke:#a03333,color:#1a1a1a
    "#]]
    .assert_eq(&<TwoLayerNet>::zeros().graph().to_mermaid());
}

#[test]
fn a_network_as_a_table() {
    expect![[r#"
        TwoLayerNet: 784 features in, 10 out

        layer    type             output  parameters    bytes  multiply-adds
        ────────────────────────────────────────────────────────────────────
        affine1  Affine<784, 50>  N x 50      39,250  157,000         39,200
        relu1    Relu             N x 50           0        0              0
        affine2  Affine<50, 10>   N x 10         510    2,040            500
        loss     SoftmaxWithLoss
        ────────────────────────────────────────────────────────────────────
        total                                 39,760  159,040         39,700
    "#]]
    .assert_eq(&<TwoLayerNet>::zeros().summary().to_string());
}

#[test]
fn a_network_of_custom_layers_as_a_table() {
    expect![[r#"
        Own: 6 features in, 2 out

        layer    type                       output    parameters    bytes  multiply-adds
        ────────────────────────────────────────────────────────────────────────────────
        scale1   Scale<6, T>("a \"name\"")  N x 6              6       48              6
        hidden   Affine<6, HIDDEN>          N x 2000      14,000  112,000         12,000
        tanh1    Tanh                       N x 2000           0        0              0
        affine2  Affine<HIDDEN, { 1 + 1 }>  N x 2          4,002   32,016          4,000
        loss     self::Mean
        ────────────────────────────────────────────────────────────────────────────────
        total                                             18,008  144,064         16,006
    "#]]
    .assert_eq(&Own::<2000, f64>::zeros().summary().to_string());
}

#[test]
fn a_summary_is_data() {
    let net = Own::<3, f64>::zeros();
    let summary = net.summary();
    assert_eq!((summary.network, summary.loss), ("Own", "self::Mean"));
    assert_eq!((summary.inputs, summary.outputs), (6, 2));
    assert_eq!(summary.parameters(), net.parameter_count());
    assert_eq!(summary.bytes(), 8 * net.parameter_count());
    assert_eq!(summary.multiply_adds(), 6 + 6 * 3 + 3 * 2);
    let names: Vec<&str> = summary.layers.iter().map(|layer| layer.name).collect();
    assert_eq!(names, ["scale1", "hidden", "tanh1", "affine2"]);
}

#[test]
fn blocks_in_a_table_show_their_layers() {
    expect![[r#"
        Nested: 3 features in, 2 out

        layer            type             output  parameters  bytes  multiply-adds
        ──────────────────────────────────────────────────────────────────────────
        affine1          Affine<3, 8>     N x 8           32    128             24
        tower1           Tower<8>         N x 8          148    592            128
          first          Hidden<F>        N x 8           72    288             64
            affine1      Affine<F, F>     N x 8           72    288             64
            tanh1        Tanh             N x 8            0      0              0
          residual1      Residual         N x 8           76    304             64
            affine1      Affine<_, 4>     N x 4           36    144             32
            relu1        Relu             N x 4            0      0              0
            affine2      Affine<_, F>     N x 8           40    160             32
            skip                          N x 8
        tower2           Tower<8>         N x 8          148    592            128
          first          Hidden<F>        N x 8           72    288             64
            affine1      Affine<F, F>     N x 8           72    288             64
            tanh1        Tanh             N x 8            0      0              0
          residual1      Residual         N x 8           76    304             64
            affine1      Affine<_, 4>     N x 4           36    144             32
            relu1        Relu             N x 4            0      0              0
            affine2      Affine<_, F>     N x 8           40    160             32
            skip                          N x 8
        hidden1          Hidden<8>        N x 8           72    288             64
          affine1        Affine<F, F>     N x 8           72    288             64
          tanh1          Tanh             N x 8            0      0              0
        concat1          Concat           N x 3           99    396             88
          branch 0
            affine1      Affine<_, 2>     N x 2           18     72             16
          branch 1
            residual1    Residual         N x 8           72    288             64
              hidden1    Hidden<8>        N x 8           72    288             64
                affine1  Affine<F, F>     N x 8           72    288             64
                tanh1    Tanh             N x 8            0      0              0
              skip                        N x 8
            affine1      Affine<_, 1>     N x 1            9     36              8
        affine2          Affine<_, 2>     N x 2            8     32              6
        loss             SoftmaxWithLoss
        ──────────────────────────────────────────────────────────────────────────
        total                                            507  2,028            438
    "#]]
    .assert_eq(&<Nested>::zeros().summary().to_string());
}

/// The totals count every parameter once, and so does each block.
#[test]
fn a_block_sums_its_layers() {
    fn check(layer: &LayerSummary) {
        let Some(inside) = &layer.inside else { return };
        let sum = |count: fn(&LayerSummary) -> usize| inside.branches().iter().flatten().map(count).sum::<usize>();
        assert_eq!(layer.parameters, sum(|inner| inner.parameters), "{}", layer.name);
        assert_eq!(layer.bytes, sum(|inner| inner.bytes), "{}", layer.name);
        assert_eq!(layer.multiply_adds, sum(|inner| inner.multiply_adds), "{}", layer.name);
        inside.branches().iter().flatten().for_each(check);
    }
    let net = <Nested>::zeros();
    assert_eq!(net.summary().parameters(), net.parameter_count());
    assert_eq!(net.summary().layers.iter().filter(|layer| layer.inside.is_some()).count(), 4);
    net.summary().layers.iter().for_each(check);
}

#[test]
fn blocks_as_text() {
    expect![[r#"
        affine1  Affine<3, 8>  32 parameters
            x               N x 3
            affine1.weight  3 x 8
            affine1.bias    1 x 8
        tower1: Tower<8>  8 → 8 features, 148 parameters
          first: Hidden<F>  8 → 8 features, 72 parameters
            tower1.first.affine1  Affine<F, F>  72 parameters
                affine1                      N x 8
                tower1.first.affine1.weight  8 x 8
                tower1.first.affine1.bias    1 x 8
            tower1.first.tanh1  Tanh
                tower1.first.affine1  N x 8
          residual1: Residual  8 → 8 features, 76 parameters
            tower1.residual1.affine1  Affine<_, 4>  36 parameters
                tower1.first.tanh1               N x 8
                tower1.residual1.affine1.weight  8 x 4
                tower1.residual1.affine1.bias    1 x 4
            tower1.residual1.relu1  Relu
                tower1.residual1.affine1  N x 4
            tower1.residual1.affine2  Affine<_, F>  40 parameters
                tower1.residual1.relu1           N x 4
                tower1.residual1.affine2.weight  4 x 8
                tower1.residual1.affine2.bias    1 x 8
            [1] +
                tower1.residual1.affine2  N x 8
                tower1.first.tanh1        N x 8
        tower2  Tower<8>  148 parameters  same as tower1
            [1] +  N x 8
        hidden1: Hidden<8>  8 → 8 features, 72 parameters
          hidden1.affine1  Affine<F, F>  72 parameters
              tower2                  N x 8
              hidden1.affine1.weight  8 x 8
              hidden1.affine1.bias    1 x 8
          hidden1.tanh1  Tanh
              hidden1.affine1  N x 8
        concat1: Concat  8 → 3 features, 99 parameters
          concat1.0.affine1  Affine<_, 2>  18 parameters
              hidden1.tanh1             N x 8
              concat1.0.affine1.weight  8 x 2
              concat1.0.affine1.bias    1 x 2
          residual1: Residual  8 → 8 features, 72 parameters
            concat1.1.residual1.hidden1  Hidden<8>  72 parameters  same as hidden1
                hidden1.tanh1  N x 8
            [2] +
                concat1.1.residual1.hidden1  N x 8
                hidden1.tanh1                N x 8
          concat1.1.affine1  Affine<_, 1>  9 parameters
              [2] +                     N x 8
              concat1.1.affine1.weight  8 x 1
              concat1.1.affine1.bias    1 x 1
          [3] concat
              concat1.0.affine1  N x 2
              concat1.1.affine1  N x 1
        affine2  Affine<_, 2>  8 parameters
            [3] concat      N x 3
            affine2.weight  3 x 2
            affine2.bias    1 x 2
        loss  SoftmaxWithLoss
            affine2  N x 2
            t
        L
            loss
    "#]]
    .assert_eq(&<Nested>::zeros().graph().to_string());
}

#[test]
fn images_in_a_table_have_three_sizes() {
    expect![[r#"
        Images: images of 1 x 8 x 8 in, 10 out

        layer              type                                                output          parameters   bytes  multiply-adds
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        conv2d1            Conv2d<1, 4, 3>(padding = same)                     N x 4 x 8 x 8           40     160          2,304
        residual1          Residual                                            N x 4 x 8 x 8          156     624          9,216
          conv2d1          Conv2d<4, 4, 3>(padding = same)                     N x 4 x 8 x 8          148     592          9,216
          batch_norm1      BatchNorm<4>                                        N x 4 x 8 x 8            8      32              0
          tanh1            Tanh                                                N x 4 x 8 x 8            0       0              0
          skip                                                                 N x 4 x 8 x 8
        down1              Down<4, 8>                                          N x 8 x 4 x 4          352   1,408         18,944
          sum1             Sum                                                 N x 8 x 4 x 4          352   1,408         18,944
            branch 0
              conv2d1      Conv2d<IN, OUT, 3>(padding = 1)                     N x 8 x 8 x 8          296   1,184         18,432
              batch_norm1  BatchNorm<OUT>                                      N x 8 x 8 x 8           16      64              0
              relu1        Relu                                                N x 8 x 8 x 8            0       0              0
              max_pool2d1  MaxPool2d<2>                                        N x 8 x 4 x 4            0       0              0
            branch 1
              conv2d1      Conv2d<IN, OUT, 1>(stride = 2, ignore_rest = true)  N x 8 x 4 x 4           40     160            512
          relu1            Relu                                                N x 8 x 4 x 4            0       0              0
        concat1            Concat                                              N x 16 x 4 x 4           0       0              0
          branch 0
            identity1      Identity                                            N x 8 x 4 x 4            0       0              0
          branch 1
            max_pool2d1    MaxPool2d<3>(stride = 1, padding = 1)               N x 8 x 4 x 4            0       0              0
        flatten1           Flatten                                             N x 256                  0       0              0
        affine1            Affine<_, 10>                                       N x 10               2,570  10,280          2,560
        loss               SoftmaxWithLoss
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        total                                                                                       3,118  12,472         33,024
    "#]].assert_eq(&<Images>::zeros().summary().to_string());
}

#[test]
fn images_as_text() {
    expect![[r#"
        conv2d1  Conv2d<1, 4, 3>(padding = same)  40 parameters
            x               N x 1 x 8 x 8
            conv2d1.weight  4 x 1 x 3 x 3
            conv2d1.bias    1 x 4
        residual1: Residual  4 x 8 x 8 → 4 x 8 x 8, 156 parameters
          residual1.conv2d1  Conv2d<4, 4, 3>(padding = same)  148 parameters
              conv2d1                   N x 4 x 8 x 8
              residual1.conv2d1.weight  4 x 4 x 3 x 3
              residual1.conv2d1.bias    1 x 4
          residual1.batch_norm1  BatchNorm<4>  8 parameters
              residual1.conv2d1            N x 4 x 8 x 8
              residual1.batch_norm1.scale  1 x 4
              residual1.batch_norm1.shift  1 x 4
          residual1.tanh1  Tanh
              residual1.batch_norm1  N x 4 x 8 x 8
          [1] +
              residual1.tanh1  N x 4 x 8 x 8
              conv2d1          N x 4 x 8 x 8
        down1: Down<4, 8>  4 x 8 x 8 → 8 x 4 x 4, 352 parameters
          sum1: Sum  4 x 8 x 8 → 8 x 4 x 4, 352 parameters
            down1.sum1.0.conv2d1  Conv2d<IN, OUT, 3>(padding = 1)  296 parameters
                [1] +                        N x 4 x 8 x 8
                down1.sum1.0.conv2d1.weight  8 x 4 x 3 x 3
                down1.sum1.0.conv2d1.bias    1 x 8
            down1.sum1.0.batch_norm1  BatchNorm<OUT>  16 parameters
                down1.sum1.0.conv2d1            N x 8 x 8 x 8
                down1.sum1.0.batch_norm1.scale  1 x 8
                down1.sum1.0.batch_norm1.shift  1 x 8
            down1.sum1.0.relu1  Relu
                down1.sum1.0.batch_norm1  N x 8 x 8 x 8
            down1.sum1.0.max_pool2d1  MaxPool2d<2>
                down1.sum1.0.relu1  N x 8 x 8 x 8
            down1.sum1.1.conv2d1  Conv2d<IN, OUT, 1>(stride = 2, ignore_rest = true)  40 parameters
                [1] +                        N x 4 x 8 x 8
                down1.sum1.1.conv2d1.weight  8 x 4 x 1 x 1
                down1.sum1.1.conv2d1.bias    1 x 8
            [2] +
                down1.sum1.0.max_pool2d1  N x 8 x 4 x 4
                down1.sum1.1.conv2d1      N x 8 x 4 x 4
          down1.relu1  Relu
              [2] +  N x 8 x 4 x 4
        concat1: Concat  8 x 4 x 4 → 16 x 4 x 4
          concat1.0.identity1  Identity
              down1.relu1  N x 8 x 4 x 4
          concat1.1.max_pool2d1  MaxPool2d<3>(stride = 1, padding = 1)
              down1.relu1  N x 8 x 4 x 4
          [3] concat
              concat1.0.identity1    N x 8 x 4 x 4
              concat1.1.max_pool2d1  N x 8 x 4 x 4
        flatten1  Flatten
            [3] concat  N x 16 x 4 x 4
        affine1  Affine<_, 10>  2,570 parameters
            flatten1        N x 256
            affine1.weight  256 x 10
            affine1.bias    1 x 10
        loss  SoftmaxWithLoss
            affine1  N x 10
            t
        L
            loss
    "#]]
    .assert_eq(&<Images>::zeros().graph().to_string());
}

/// The names in boxes are those of the parameters.
#[test]
fn names_in_boxes_are_full_names() {
    let net = <Nested>::zeros();
    let text = net.graph().to_string();
    let closed =
        |name: &str| name.starts_with("tower2") || name.starts_with("hidden1") || name.starts_with("concat1.1");
    for name in net.parameters().map(|parameter| parameter.name).filter(|name| !closed(name)) {
        assert!(text.contains(&format!(" {name} ")), "{name} is not in\n{text}");
    }
}

/// Each block of parameters is a node that feeds its layer, even in custom layers.
#[test]
fn a_networks_graph_has_all_its_parameters() {
    let net = Own::<3, f32>::zeros();
    let graph = net.graph();
    let blocks: Vec<&str> = graph
        .nodes()
        .iter()
        .filter(|node| node.kind == Kind::Parameter)
        .filter_map(|node| node.label.lines().next())
        .collect();
    let expected: Vec<String> = net.parameters().map(|block| block.to_string()).collect();
    assert_eq!(blocks, expected);
    let texts: Vec<&str> =
        graph.edges().iter().map(|edge| edge.value.as_str()).filter(|text| !text.is_empty()).collect();
    assert_eq!(texts, ["N x 6", "N x 6", "N x 3", "N x 3", "N x 2"]);
}
