//! The types of the graph as its schema definition has them.

use std::collections::BTreeMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};

/// An argument, or a field of an input.
#[derive(Clone)]
pub struct Input {
    pub name: String,
    pub of: Type,
    pub has_default: bool,
}

#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub of: Type,
    pub arguments: Vec<Input>,
}

pub enum Kind {
    Object(Vec<Field>),
    /// An interface or a union: the fields of all, and the objects that it may be.
    Abstract(Vec<Field>, Vec<String>),
    Input {
        fields: Vec<Input>,
        is_one_of: bool,
    },
    Enum(Vec<String>),
    Scalar,
}

/// Every type by its name.
pub struct Types(BTreeMap<String, Kind>);

fn inputs(definitions: &[Positioned<InputValueDefinition>]) -> Vec<Input> {
    let input = |definition: &Positioned<InputValueDefinition>| Input {
        name: definition.node.name.node.to_string(),
        of: definition.node.ty.node.clone(),
        has_default: definition.node.default_value.is_some(),
    };
    definitions.iter().map(input).collect()
}

fn fields(definitions: &[Positioned<FieldDefinition>]) -> Vec<Field> {
    let field = |definition: &Positioned<FieldDefinition>| Field {
        name: definition.node.name.node.to_string(),
        of: definition.node.ty.node.clone(),
        arguments: inputs(&definition.node.arguments),
    };
    definitions.iter().map(field).collect()
}

impl Types {
    pub fn read() -> Types {
        let document = parse_schema(deskgraph::graphql::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
        let types: Vec<TypeDefinition> = types.collect();
        let implementing = |interface: &str| -> Vec<String> {
            let is_one = |definition: &&TypeDefinition| match &definition.kind {
                TypeKind::Object(object) => object.implements.iter().any(|name| name.node == interface),
                _ => false,
            };
            types.iter().filter(is_one).map(|definition| definition.name.node.to_string()).collect()
        };
        let kind = |definition: &TypeDefinition| match &definition.kind {
            TypeKind::Object(object) => Kind::Object(fields(&object.fields)),
            TypeKind::Interface(interface) => {
                Kind::Abstract(fields(&interface.fields), implementing(&definition.name.node))
            }
            TypeKind::Union(union) => {
                Kind::Abstract(Vec::new(), union.members.iter().map(|name| name.node.to_string()).collect())
            }
            TypeKind::InputObject(input) => Kind::Input {
                fields: inputs(&input.fields),
                is_one_of: definition.directives.iter().any(|directive| directive.node.name.node == "oneOf"),
            },
            TypeKind::Enum(values) => {
                Kind::Enum(values.values.iter().map(|value| value.node.value.node.to_string()).collect())
            }
            TypeKind::Scalar => Kind::Scalar,
        };
        Types(types.iter().map(|definition| (definition.name.node.to_string(), kind(definition))).collect())
    }

    /// What a name stands for; the five scalars that no schema declares are scalars, too.
    pub fn kind(&self, name: &str) -> &Kind {
        self.0.get(name).unwrap_or(&Kind::Scalar)
    }

    /// Fields and possible objects of an object, an interface or a union.
    pub fn composite(&self, name: &str) -> Option<(&[Field], &[String])> {
        match self.kind(name) {
            Kind::Object(fields) => Some((fields, &[])),
            Kind::Abstract(fields, possible) => Some((fields, possible)),
            _ => None,
        }
    }

    pub fn is_abstract(&self, name: &str) -> bool {
        matches!(self.kind(name), Kind::Abstract(..))
    }

    /// Indicates a fragment on `on` says something of an object of type `object`.
    pub fn applies(&self, on: &str, object: &str) -> bool {
        on == object || self.composite(on).is_some_and(|(_, possible)| possible.iter().any(|name| name == object))
    }
}

/// The name at the bottom of a type.
pub fn named(of: &Type) -> &str {
    let mut of = of;
    loop {
        match &of.base {
            async_graphql::parser::types::BaseType::Named(name) => return name,
            async_graphql::parser::types::BaseType::List(inner) => of = inner,
        }
    }
}
