//! Checks at compile time for sizes that are consts, and for the user's layers and losses, which the macro cannot see.
//!
//! Each of them gets a `const _` at the user's token, which panics with a message after a mistake. Layers and losses are
//! also replaced by a fallback type after a mistake, so that the rest compiles and each mistake is reported once.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::check::{
    Agreement, Blocks, Initial, Layer, Loss, Network, Origin, Size, Unevaluated, Width, answers_name, depends_on_own,
    width_name,
};
use crate::parse::{Declaration, mentions};

/// The guards of one network.
pub struct Guards<'a> {
    network: &'a Network<'a>,
    /// For each layer: the type that chooses between the layer and its fallback, if the macro cannot check the layer.
    choices: Vec<Option<TokenStream>>,
    loss_choice: Option<TokenStream>,
    /// The boolean constants on which the choices depend.
    answers: Vec<TokenStream>,
}

impl<'a> Guards<'a> {
    pub fn new(network: &'a Network<'a>) -> Self {
        let mut guards = Self { network, choices: Vec::new(), loss_choice: None, answers: Vec::new() };
        for layer in &network.layers {
            let condition = guards.needs_choice(layer).then(|| guards.condition(layer));
            let choice = condition.map(|condition| guards.choice(&condition, layer.element.type_name().span()));
            guards.choices.push(choice);
        }
        let unknown = network.loss.as_ref().filter(|loss| !loss.ours);
        if let Some(Loss { kind, initial, .. }) = unknown.filter(|_| !guards.depends(&network.output)) {
            let (loss, tools) = (argument_for_f32(kind), guards.tools());
            let width = for_f32(&guards.dimension(&network.output));
            let default = matches!(initial, Initial::Default).then(|| quote!(&& <#tools::IsDefault<#loss>>::HOLDS));
            let condition = quote!(<#tools::IsLoss<#loss, #width>>::HOLDS #default);
            guards.loss_choice = Some(guards.choice(&condition, kind.span()));
        }
        guards
    }

    fn tools(&self) -> TokenStream {
        let library = &self.network.declaration.library;
        quote!(#library::__private::fallback)
    }

    /// Imports the trait whose constants apply to types that are not layers or losses.
    fn import_fallback(&self) -> TokenStream {
        let tools = self.tools();
        quote!(#[allow(unused_imports)] use #tools::Fallback as _;)
    }

    /// Imports the trait whose `new` the compiler finds for layers without their own function `new`.
    pub fn import_new_fallback(&self, arguments: usize) -> Option<TokenStream> {
        let (library, name) = (&self.network.declaration.library, format_ident!("New{arguments}"));
        (arguments <= 4).then(|| quote!(#[allow(unused_imports)] use #library::hyperparameters::#name as _;))
    }

    /// Returns true if a width depends on the network's const parameters, so that its value is unknown here.
    fn depends(&self, width: &Width) -> bool {
        depends_on_own(self.network.declaration, &self.dimension(width))
    }

    /// Returns true for a layer of the user's that can be checked: one that does not depend on const parameters.
    ///
    /// Also for a layer with chains in brackets whose ends only the compiler can compare.
    fn needs_choice(&self, layer: &Layer) -> bool {
        !layer.agreements.is_empty()
            || layer.origin == Origin::User
                && !self.depends(&layer.input)
                && !depends_on_own(self.network.declaration, &layer.kind)
    }

    /// The output width that a later layer expects of the layer at index `place`, if any.
    fn expected(&self, place: usize) -> Option<&'a Agreement> {
        self.network.agreements.iter().find(|one| matches!(one.actual, Width::OutputOf(of) if of == place))
    }

    /// A boolean expression: the type is a layer, and its output has the expected width.
    fn condition(&self, layer: &Layer) -> TokenStream {
        if layer.origin == Origin::Brackets {
            let pairs = layer.agreements.iter().map(|one| (self.size(&one.declared), self.value(&one.actual)));
            let equal = pairs.map(|(declared, actual)| quote!(&& #declared == #actual));
            return quote!(true #(#equal)*);
        }
        let (kind, tools, place) = (argument_for_f32(&layer.kind), self.tools(), self.choices.len());
        let input = for_f32(&self.dimension(&layer.input));
        let default = layer.element.hyperparameters.is_none().then(|| quote!(&& <#tools::IsDefault<#kind>>::HOLDS));
        let outputs = self.expected(place).map(|expected| {
            let size = self.size(&expected.declared);
            quote!(&& <#tools::IsLayer<#kind, #input>>::OUT == #size)
        });
        let outputs = outputs.or_else(|| match &layer.output {
            Width::Size(size) if !size.hidden => {
                let size = self.size(size);
                Some(quote!(&& <#tools::IsLayer<#kind, #input>>::OUT == #size))
            }
            _ => None,
        });
        let in_f64 = (!mentions(&layer.kind, "T")).then(|| quote!(&& <#tools::IsLayerInF64<#kind, #input>>::HOLDS));
        quote!(<#tools::IsLayer<#kind, #input>>::HOLDS && !<#tools::IsNetwork<#kind>>::HOLDS #in_f64 #default #outputs)
    }

    /// The type that chooses by a condition. A constant holds the condition, which contains those of the layers before.
    fn choice(&mut self, condition: &TokenStream, place: Span) -> TokenStream {
        let (tools, fallback, answers) = (self.tools(), self.import_fallback(), self.answers_name());
        let answer = format_ident!("ANSWER{}", self.answers.len());
        self.answers.push(quote!(const #answer: ::core::primitive::bool = { #fallback #condition };));
        // rustdoc shows the source at the span of these braces. Without this span that is the user's whole `network!`.
        let mut block = Group::new(Delimiter::Brace, quote!(#answers::#answer));
        block.set_span(Span::mixed_site().located_at(place));
        quote!(#tools::If<#block>)
    }

    /// The name of the type that holds the answers as associated constants.
    fn answers_name(&self) -> Ident {
        answers_name(&self.network.name)
    }

    fn answers(&self) -> Option<TokenStream> {
        let (name, answers) = (self.answers_name(), &self.answers);
        let widths: Vec<_> = self.network.widths.iter().map(|&place| self.width(place)).collect();
        (!answers.is_empty() || !widths.is_empty()).then(|| {
            quote! {
                #[doc(hidden)]
                enum #name {}

                #[allow(dead_code)]
                impl #name {
                    #(#answers)*
                    #(#widths)*
                }
            }
        })
    }

    /// The constant that holds the output width of the layer at that index; 0 if it is not a layer.
    fn width(&self, place: usize) -> TokenStream {
        let (layer, name, fallback) = (&self.network.layers[place], width_name(place), self.import_fallback());
        let (kind, tools, input) =
            (argument_for_f32(&layer.kind), self.tools(), for_f32(&self.dimension(&layer.input)));
        quote!(const #name: ::core::primitive::usize = { #fallback <#tools::IsLayer<#kind, #input>>::OUT };)
    }

    /// The path to the functions of a layer's choice.
    fn chosen(&self, place: usize) -> Option<TokenStream> {
        let choice = self.choices[place].as_ref()?;
        let (layer, tools, library) = (&self.network.layers[place], self.tools(), &self.network.declaration.library);
        let kind = argument(&layer.kind);
        let fallback = match (&layer.output, self.expected(place)) {
            (width @ (Width::Size(_) | Width::Image(_)), _) => {
                let shape = self.dimension(width);
                quote!(FallbackLayer<#shape>)
            }
            (_, Some(expected)) => {
                let size = expected.declared.argument();
                quote!(FallbackLayer<#library::nalgebra::Const<#size>>)
            }
            (_, None) => quote!(FallbackForAny),
        };
        Some(quote!(<#choice as #tools::Choose<#kind, #tools::#fallback>>))
    }

    fn chosen_loss(&self) -> Option<TokenStream> {
        let (choice, tools, library) = (self.loss_choice.as_ref()?, self.tools(), &self.network.declaration.library);
        let kind = argument(&self.network.loss.as_ref()?.kind);
        Some(quote!(<#choice as #tools::Choose<#kind, #library::losses::SoftmaxWithLoss>>))
    }

    /// The layer's type, or its fallback.
    pub fn kind(&self, place: usize) -> TokenStream {
        match self.chosen(place) {
            Some(chosen) => quote!(#chosen::Chosen),
            None => self.network.layers[place].kind.clone(),
        }
    }

    pub fn loss_kind(&self, loss: &Loss) -> TokenStream {
        self.chosen_loss().map_or_else(|| loss.kind.clone(), |chosen| quote!(#chosen::Chosen))
    }

    /// `&layer`.
    pub fn shared(&self, place: usize, layer: &TokenStream) -> TokenStream {
        self.chosen(place).map_or_else(|| quote!(&#layer), |chosen| quote!(#chosen::choose(&#layer)))
    }

    /// `&mut layer`.
    pub fn exclusive(&self, place: usize, layer: &TokenStream) -> TokenStream {
        self.chosen(place).map_or_else(|| quote!(&mut #layer), |chosen| quote!(#chosen::choose_mut(&mut #layer)))
    }

    /// `&loss`.
    pub fn loss(&self, loss: &TokenStream) -> TokenStream {
        self.chosen_loss().map_or_else(|| quote!(&#loss), |chosen| quote!(#chosen::choose(&#loss)))
    }

    /// `&mut loss`.
    pub fn loss_mut(&self, loss: &TokenStream) -> TokenStream {
        self.chosen_loss().map_or_else(|| quote!(&mut #loss), |chosen| quote!(#chosen::choose_mut(&mut #loss)))
    }

    /// Clones the layer at that reference.
    pub fn copied(&self, place: usize, layer: &TokenStream) -> TokenStream {
        self.copied_by(self.choices[place].as_ref(), layer)
    }

    pub fn copied_loss(&self, loss: &TokenStream) -> TokenStream {
        self.copied_by(self.loss_choice.as_ref(), loss)
    }

    fn copied_by(&self, choice: Option<&TokenStream>, value: &TokenStream) -> TokenStream {
        let tools = self.tools();
        choice.map_or_else(
            || quote!(::core::clone::Clone::clone(#value)),
            |choice| quote!(<#choice as #tools::Copied<_>>::copied(#value)),
        )
    }

    /// The initial value of a layer without hyperparameters.
    pub fn default(&self, place: usize) -> TokenStream {
        self.default_by(self.choices[place].as_ref())
    }

    pub fn default_loss(&self) -> TokenStream {
        self.default_by(self.loss_choice.as_ref())
    }

    fn default_by(&self, choice: Option<&TokenStream>) -> TokenStream {
        let tools = self.tools();
        choice.map_or_else(
            || quote!(::core::default::Default::default()),
            |choice| quote!(<#choice as #tools::Make<_>>::make()),
        )
    }

    /// A width as a dimension of nalgebra.
    pub fn dimension(&self, width: &Width) -> TokenStream {
        width.dimension(&self.network.declaration.library, &|place| {
            (self.kind(place), &self.network.layers[place].input)
        })
    }

    /// The checks that the compiler evaluates at the declaration, even if the network is never used.
    pub fn checks(&self) -> TokenStream {
        let layers = (0..self.choices.len()).filter_map(|place| self.layer_check(place));
        let losses = self.loss_check().into_iter().chain(self.objection_check());
        let agreements = self.network.agreements.iter().map(|one| self.agreement(one));
        let unevaluated = self.network.unevaluated.iter().map(|one| self.unevaluated(one));
        let conditions = self.network.conditions.iter().map(|(is_wrong, span, message)| {
            let panic = self.panic(*span, &quote!(.text(#message)));
            checked(&quote_spanned!(*span=> if #is_wrong { #panic }))
        });
        let checks = layers.chain(losses).chain(agreements).chain(unevaluated).chain(conditions);
        checks.chain(self.answers()).collect()
    }

    fn layer_check(&self, place: usize) -> Option<TokenStream> {
        self.choices[place].as_ref()?;
        let layer = &self.network.layers[place];
        if layer.origin == Origin::Brackets {
            return Some(layer.agreements.iter().map(|one| self.agreement(one)).collect());
        }
        let source = layer.source.as_ref()?; // the first layer is checked by `first_layer`
        let span = layer.element.type_name().span();
        let (kind, tools, fallback) = (argument_for_f32(&layer.kind), self.tools(), self.import_fallback());
        let input = for_f32(&self.dimension(&layer.input));
        let name = layer.element.text();
        let before = format!("`{name}` is not a layer for the ");
        let after = format!(" features that {} outputs: implement `typenet::Layer<T, Const<", source.subject);
        let end = ">>` for it";
        let width = self.value(&layer.input);
        let words = quote!(.text(#before).number(#width).text(#after).number(#width).text(#end));
        let not_a_layer = self.panic(span, &words);
        let (takes, outputs) = (format!("`{name}` takes "), format!(" features, but {} ", source.clause));
        let block = quote!(<#tools::IsBlock<#kind>>::INPUT);
        let other_width = self.panic(span, &quote!(.text(#takes).number(#block).text(#outputs).number(#width)));
        let network = self.network_check(&kind, &name, span);
        let message = format!(
            "`{name}` has no hyperparameters here, so it needs `Default`: write `{name}(...)` or implement `Default` for it"
        );
        let no_default = self.panic(span, &quote!(.text(#message)));
        let default = layer
            .element
            .hyperparameters
            .is_none()
            .then(|| quote!(else if !<#tools::IsDefault<#kind>>::HOLDS { #no_default }));
        let message = match &layer.element.arguments {
            Some(_) => format!("`{name}` is a layer for `f32` only: add the scalar `T` to its arguments"),
            None => format!("`{name}` is a layer for `f32` only: write `{name}<T>`"),
        };
        let only_f32 = self.panic(span, &quote!(.text(#message)));
        let in_f64 = (!mentions(&layer.kind, "T"))
            .then(|| quote!(else if !<#tools::IsLayerInF64<#kind, #input>>::HOLDS { #only_f32 }));
        Some(checked(&quote_spanned! {span=>
            #fallback
            #network
            if #block != 0 && #block != #width { #other_width }
            if !<#tools::IsLayer<#kind, #input>>::HOLDS { #not_a_layer } #in_f64 #default
        }))
    }

    /// Reports a network in the position of a layer or of the loss.
    fn network_check(&self, kind: &TokenStream, name: &str, span: Span) -> TokenStream {
        network_check(&self.network.declaration.library, kind, name, span)
    }

    fn loss_check(&self) -> Option<TokenStream> {
        self.loss_choice.as_ref()?;
        let declared = self.network.loss.as_ref()?;
        let span = declared.kind.span();
        let (loss, tools, fallback) = (argument_for_f32(&declared.kind), self.tools(), self.import_fallback());
        let width = for_f32(&self.dimension(&self.network.output));
        let (value, name) = (self.value(&self.network.output), &declared.text);
        let before = format!("`{name}` is not a loss for ");
        let after = " features: end the network with `SoftmaxWithLoss` or `MeanSquaredError`, or implement `typenet::Loss` for it";
        let not_a_loss = self.panic(span, &quote!(.text(#before).number(#value).text(#after)));
        let network = self.network_check(&loss, name, span);
        let message = format!(
            "`{name}` has no hyperparameters here, so it needs `Default`: write `{name}(...)` or implement `Default` for it"
        );
        let no_default = self.panic(span, &quote!(.text(#message)));
        let default = matches!(declared.initial, Initial::Default)
            .then(|| quote!(else if !<#tools::IsDefault<#loss>>::HOLDS { #no_default }));
        Some(checked(&quote_spanned! {span=>
            #fallback
            #network
            if !<#tools::IsLoss<#loss, #width>>::HOLDS { #not_a_loss } #default
        }))
    }

    /// Reports a number of outputs that the loss rejects, at that number if the declaration contains it.
    fn objection_check(&self) -> Option<TokenStream> {
        let (loss, output) = (self.network.loss.as_ref()?, &self.network.output);
        if !loss.declared || self.depends(output) || loss.ours && output.literal().is_some_and(|outputs| outputs > 1) {
            return None;
        }
        let span = match output {
            Width::Size(size) | Width::Classes(size) => size.tokens.span(),
            Width::OutputOf(_) | Width::Type(_) | Width::Image(_) => loss.kind.span(),
        };
        let (kind, tools, fallback) = (argument_for_f32(&loss.kind), self.tools(), self.import_fallback());
        let width = for_f32(&self.dimension(output));
        // The name is hygienic, because the span may be that of generated code.
        let objection = Ident::new("objection", Span::mixed_site());
        let panic = self.panic(span, &quote!(.text(#objection)));
        Some(checked(&quote_spanned! {span=>
            #fallback
            if let ::core::option::Option::Some(#objection) = <#tools::IsLoss<#kind, #width>>::OBJECTION { #panic }
        }))
    }

    fn agreement(&self, Agreement { declared, actual, words: [before, between, after] }: &Agreement) -> TokenStream {
        let (span, size) = (declared.tokens.span(), self.size(declared));
        // The names are hygienic, because a size may come from another macro that uses the same names.
        let [declared_name, actual_name] = ["declared", "actual"].map(|name| Ident::new(name, Span::mixed_site()));
        let after = (!after.is_empty()).then(|| quote!(.text(#after)));
        let words = quote!(.text(#before).number(#declared_name).text(#between).number(#actual_name)#after);
        let panic = self.panic(span, &words);
        // For a type that is not a layer this is 0. That mistake is reported elsewhere.
        let (actual, known) = match actual {
            Width::Size(size) | Width::Classes(size) if !size.hidden && !declared.hidden => (self.size(size), None),
            Width::Size(size) | Width::Classes(size) => {
                (self.size(size), Some(quote!(#declared_name != 0 && #actual_name != 0 &&)))
            }
            Width::Type(_) | Width::Image(_) => return TokenStream::new(), // compared as types
            Width::OutputOf(place) => {
                let (layer, tools, fallback) = (&self.network.layers[*place], self.tools(), self.import_fallback());
                let (kind, input) = (argument_for_f32(&layer.kind), for_f32(&self.dimension(&layer.input)));
                let actual = quote!({ #fallback <#tools::IsLayer<#kind, #input>>::OUT });
                (actual, Some(quote!(#actual_name != 0 &&)))
            }
        };
        checked(&quote_spanned! {span=>
            let (#declared_name, #actual_name): (::core::primitive::usize, ::core::primitive::usize) = (#size, #actual);
            if #known #declared_name != #actual_name { #panic }
        })
    }

    fn unevaluated(&self, Unevaluated { input, output, layer, most }: &Unevaluated) -> TokenStream {
        let unevaluated = if input.literal.is_none() { input } else { output };
        let (span, input, output) = (unevaluated.tokens.span(), self.size(input), self.size(output));
        let too_large = format!("`{layer}` has more parameters than memory can hold: use smaller sizes");
        let too_large = self.panic(span, &quote!(.text(#too_large)));
        let zero = format!("a size of `{layer}` is 0, but must be at least 1");
        let zero = self.panic(span, &quote!(.text(#zero)));
        let above = most.as_ref().map(|(most, message)| {
            let panic = self.panic(span, &quote!(.text(#message)));
            quote_spanned!(span=> if input > #most { #panic })
        });
        checked(&quote_spanned! {span=>
            let (input, output): (::core::primitive::usize, ::core::primitive::usize) = (#input, #output);
            if input == 0 || output == 0 { #zero }
            #above
            if output > ::core::primitive::isize::MAX as ::core::primitive::usize / 8 / input.saturating_add(1) { #too_large }
        })
    }

    /// A constant expression for a size.
    fn size(&self, size: &Size) -> TokenStream {
        self.value(&Width::Size(size.clone()))
    }

    /// A constant expression for a width.
    fn value(&self, width: &Width) -> TokenStream {
        let library = &self.network.declaration.library;
        let dimension = for_f32(&self.dimension(width));
        quote!(<#dimension as #library::nalgebra::DimName>::DIM)
    }

    fn panic(&self, span: Span, message: &TokenStream) -> TokenStream {
        panic(&self.network.declaration.library, span, message)
    }
}

/// A check that the compiler evaluates at the declaration.
///
/// It is part of a type, like all other uses of sizes. So the compiler gives the same error for all uses of a variable
/// that is not a const, and shows it once.
fn checked(check: &TokenStream) -> TokenStream {
    quote!(const _: [(); { #check 0 }] = [];)
}

fn panic(library: &Path, span: Span, message: &TokenStream) -> TokenStream {
    quote_spanned! {span=>
        let message = #library::__private::Message::new()#message;
        ::core::panic!("{}", message.as_str())
    }
}

fn network_check(library: &Path, kind: &TokenStream, name: &str, span: Span) -> TokenStream {
    let message = format!("`{name}` is a network with its own loss: write its layers here instead");
    let panic = panic(library, span, &quote!(.text(#message)));
    quote!(if <#library::__private::fallback::IsNetwork<#kind>>::HOLDS { #panic })
}

/// Reports a layer of the user's at the beginning of the network, where the input width is unknown.
///
/// The compiler does this, because only the compiler can tell if the type exists and if it is a network.
pub fn first_layer(declaration: &Declaration, blocks: &Blocks) -> Option<TokenStream> {
    let first = declaration.chain.elements.first()?;
    let has_its_own_error =
        first.path.is_ident("T") || first.path.is_ident(&declaration.name) || first.is_elementwise();
    let sets_the_width = first.is_ours("Input")
        || first.is_affine()
        || first.is_per_feature()
        || first.is_embedding()
        || first.takes_chains()
        || first.takes_images()
        || blocks.takes(first).is_some();
    if has_its_own_error || sets_the_width || first.is_library_loss() {
        return None;
    }
    let library = &declaration.library;
    let (span, name, kind) = (first.type_name().span(), first.text(), first.to_token_stream());
    let kind = argument_for_f32(&without_own_sizes(declaration, &kind));
    let message = format!("the input width is unknown: begin with `Input<...> -> {name}`");
    let panic = panic(library, span, &quote!(.text(#message)));
    let network = network_check(library, &kind, &name, span);
    Some(checked(&quote_spanned! {span=>
        #[allow(unused_imports)] use #library::__private::fallback::Fallback as _;
        #network
        if !<#library::__private::fallback::IsNetwork<#kind>>::HOLDS { #panic }
    }))
}

/// Replaces the network's const parameters by 1, because they do not exist outside of the network's items.
fn without_own_sizes(declaration: &Declaration, tokens: &TokenStream) -> TokenStream {
    replace_names(tokens, &|name| {
        declaration.sizes.iter().any(|own| own.ident == *name).then(|| quote_spanned!(name.span()=> 1))
    })
}

/// A type as a generic argument.
///
/// A lone name gets empty angle brackets. Without them the compiler reports an unknown name twice, because it could also
/// be a missing generic parameter.
fn argument(kind: &TokenStream) -> TokenStream {
    let is_a_name = kind.clone().into_iter().count() == 1;
    if is_a_name { quote!(#kind<>) } else { kind.clone() }
}

fn argument_for_f32(kind: &TokenStream) -> TokenStream {
    for_f32(&argument(kind))
}

/// Replaces `T` by `f32`, for items that are not generic over `T`.
fn for_f32(tokens: &TokenStream) -> TokenStream {
    replace_names(tokens, &|name| (name == "T").then(|| quote!(::core::primitive::f32)))
}

/// Replaces the names for which `replacement` returns tokens.
fn replace_names(tokens: &TokenStream, replacement: &impl Fn(&Ident) -> Option<TokenStream>) -> TokenStream {
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(name) => replacement(&name).unwrap_or_else(|| name.to_token_stream()),
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), replace_names(&group.stream(), replacement)).to_token_stream()
            }
            token => token.to_token_stream(),
        })
        .collect()
}
