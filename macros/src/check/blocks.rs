//! The blocks of one `network!`, which may contain each other.

use std::collections::HashMap;

use syn::Ident;

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, Kind};

/// The blocks that are declared in one `network!`.
pub struct Blocks<'a> {
    declared: HashMap<&'a Ident, &'a Declaration>,
    /// The blocks in which an element is left out, because it would contain them.
    endless: Vec<&'a Ident>,
}

impl<'a> Blocks<'a> {
    /// Collects the blocks, and reports those that contain themselves.
    pub fn new(declarations: &'a [Declaration], mistakes: &mut Mistakes) -> Self {
        let blocks = declarations.iter().filter(|declaration| declaration.kind == Kind::Block);
        let mut blocks = Self { declared: blocks.map(|block| (&block.name, block)).collect(), endless: Vec::new() };
        for block in declarations.iter().filter(|declaration| declaration.kind == Kind::Block) {
            if let Some(element) = block.chain.iter().find(|element| blocks.leads_to(element, block)) {
                let (name, inner) = (&block.name, element.type_name());
                let way = if inner == name { String::new() } else { format!(" through `{inner}`") };
                mistakes.add(inner, format!("the block `{name}` contains itself{way}: remove this layer"));
                blocks.endless.push(name);
            }
        }
        blocks
    }

    /// Returns true if the element is a block of this `network!`, whose scalar the macro adds.
    pub fn contains(&self, element: &Element) -> bool {
        element.path.get_ident().is_some_and(|name| self.declared.contains_key(name))
    }

    /// Returns true if the element would make its block endless; that is reported already.
    pub fn is_endless(&self, declaration: &Declaration, element: &Element) -> bool {
        self.endless.contains(&&declaration.name) && self.leads_to(element, declaration)
    }

    /// Returns true if the element is the block, or a block that contains it.
    fn leads_to(&self, element: &Element, block: &Declaration) -> bool {
        let mut open: Vec<&Ident> = element.path.get_ident().into_iter().collect();
        let mut seen: Vec<&Ident> = Vec::new();
        while let Some(name) = open.pop() {
            if *name == block.name {
                return true;
            }
            if let Some(inner) =
                self.declared.get(name).filter(|_| !seen.contains(&name) && !self.endless.contains(&name))
            {
                seen.push(name);
                open.extend(inner.chain.iter().filter_map(|element| element.path.get_ident()));
            }
        }
        false
    }
}
