//! What a template is made of.

use std::collections::{BTreeMap, BTreeSet};

/// Bytes of the source.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Nodes one after another.
pub(crate) type Block = Vec<Node>;

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Text(String),
    /// `{{ x }}`; writes nothing where it declares or assigns.
    Action(Pipeline),
    If(Branch),
    With(Branch),
    Range(Branch),
    Break,
    Continue,
    /// `{{ template "name" x }}`
    Template {
        name: String,
        argument: Option<Pipeline>,
        span: Span,
    },
}

/// A condition or collection, what to do with it, and what without.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) pipeline: Pipeline,
    pub(crate) body: Block,
    pub(crate) otherwise: Block,
}

/// `$x := a | b c`
#[derive(Debug, Clone, Default)]
pub(crate) struct Pipeline {
    /// Variables that get the value.
    pub(crate) variables: Vec<String>,
    /// Whether they get it by `=`, being there already.
    pub(crate) assigns: bool,
    pub(crate) commands: Vec<Command>,
    pub(crate) span: Span,
}

/// A function or value with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) operands: Vec<Operand>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Dot,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a`
    Variable(String, Vec<String>),
    Function(String),
    /// `(x).a`
    Chain(Box<Operand>, Vec<String>),
    Pipeline(Box<Pipeline>),
}

impl Node {
    /// Every pipeline in this node, those within included.
    fn pipelines<'t>(&'t self, visit: &mut dyn FnMut(&'t Pipeline)) {
        match self {
            Self::Text(_) | Self::Break | Self::Continue => {}
            Self::Action(pipeline) => visit(pipeline),
            Self::If(branch) | Self::With(branch) | Self::Range(branch) => {
                visit(&branch.pipeline);
                for node in branch.body.iter().chain(&branch.otherwise) {
                    node.pipelines(visit);
                }
            }
            Self::Template { argument, .. } => {
                if let Some(argument) = argument {
                    visit(argument);
                }
            }
        }
    }
}

fn operands<'t>(pipeline: &'t Pipeline, visit: &mut dyn FnMut(&'t Operand)) {
    for operand in pipeline.commands.iter().flat_map(|command| &command.operands) {
        operand_parts(operand, visit);
    }
}

fn operand_parts<'t>(operand: &'t Operand, visit: &mut dyn FnMut(&'t Operand)) {
    visit(operand);
    match operand {
        Operand::Chain(inner, _) => operand_parts(inner, visit),
        Operand::Pipeline(pipeline) => operands(pipeline, visit),
        _ => {}
    }
}

/// See [`crate::Template::fields`].
pub(crate) fn fields(body: &Block, defined: &BTreeMap<String, Block>) -> (Vec<String>, bool) {
    let mut names = BTreeSet::new();
    let mut whole = false;
    for node in body.iter().chain(defined.values().flatten()) {
        // Within these dot is something else, and may be dot.
        whole |= matches!(node, Node::Template { argument: Some(_), .. });
        node.pipelines(&mut |pipeline| {
            operands(pipeline, &mut |operand| match operand {
                Operand::Dot => whole = true,
                Operand::Variable(name, fields) if name == "$" => match fields.first() {
                    Some(field) => drop(names.insert(field.clone())),
                    None => whole = true,
                },
                Operand::Field(fields) => names.extend(fields.first().cloned()),
                _ => {}
            });
        });
    }
    (names.into_iter().collect(), whole)
}

/// Whether a block calls a function.
pub(crate) fn calls(block: &Block, function: &str) -> bool {
    let mut found = false;
    for node in block {
        node.pipelines(&mut |pipeline| {
            operands(pipeline, &mut |operand| {
                found |= matches!(operand, Operand::Function(name) if name == function);
            });
        });
    }
    found
}
