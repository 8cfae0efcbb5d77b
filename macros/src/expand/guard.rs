//! What stands around what only the compiler can judge: sizes that are consts, and the user's own layers and loss.
//!
//! Each such thing gets a `const _: ()` at the user's token that panics with a message if it is wrong, and a choice
//! of type that makes the rest of the expansion compile all the same. So one mistake gives one error.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::check::{Agreement, Layer, Network, Origin, Size, Unseen, Width, depends_on_own, hyperparameter};
use crate::parse::Declaration;

/// The guards of one network.
pub struct Guards<'a> {
    network: &'a Network<'a>,
    /// For each layer: the choice between it and its stand-in, if it needs one.
    choices: Vec<Option<TokenStream>>,
    loss_choice: Option<TokenStream>,
    /// The consts that the choices are made by.
    answers: Vec<TokenStream>,
}

impl<'a> Guards<'a> {
    pub fn new(network: &'a Network<'a>) -> Self {
        let mut guards = Self { network, choices: Vec::new(), loss_choice: None, answers: Vec::new() };
        for layer in &network.layers {
            let question = guards.needs_choice(layer).then(|| guards.question(layer));
            let choice = question.map(|question| guards.choice(&question, layer.element.type_name().span()));
            guards.choices.push(choice);
        }
        if !network.loss.ours && !guards.depends(&network.output) {
            let (loss, tools) = (argument_for_f32(&network.loss.kind), guards.tools());
            let width = for_f32(&guards.dimension(&network.output));
            let question = quote!(<#tools::IsLoss<#loss, #width>>::HOLDS && <#tools::IsDefault<#loss>>::HOLDS);
            guards.loss_choice = Some(guards.choice(&question, network.loss.kind.span()));
        }
        guards
    }

    fn tools(&self) -> TokenStream {
        let library = &self.network.declaration.library;
        quote!(#library::__private::fallback)
    }

    /// What answers where a type is no layer or loss.
    fn otherwise(&self) -> TokenStream {
        let tools = self.tools();
        quote!(#[allow(unused_imports)] use #tools::Fallback as _;)
    }

    /// What answers where a layer has no function `new` with so many arguments.
    pub fn no_new(&self, arguments: usize) -> Option<TokenStream> {
        let (library, name) = (&self.network.declaration.library, format_ident!("New{arguments}"));
        (arguments <= 4).then(|| quote!(#[allow(unused_imports)] use #library::hyperparameters::#name as _;))
    }

    /// Whether nothing in a width stands in the way of asking for its value.
    fn depends(&self, width: &Width) -> bool {
        depends_on_own(self.network.declaration, &self.dimension(width))
    }

    /// A layer of the user's own can be asked whether it is one, but for where sizes of the network's own are in it.
    fn needs_choice(&self, layer: &Layer) -> bool {
        layer.origin == Origin::User
            && !self.depends(&layer.input)
            && !depends_on_own(self.network.declaration, &layer.kind)
    }

    /// The width that the layers after the `place`th say they get from it, if one says so.
    fn wanted(&self, place: usize) -> Option<&'a Agreement> {
        self.network.agreements.iter().find(|one| matches!(one.given, Width::Of(of) if of == place))
    }

    /// Whether a layer is one, and gives what it has to.
    fn question(&self, layer: &Layer) -> TokenStream {
        let (kind, tools, place) = (argument_for_f32(&layer.kind), self.tools(), self.choices.len());
        let input = for_f32(&self.dimension(&layer.input));
        let default = layer.element.hyperparameters.is_none().then(|| quote!(&& <#tools::IsDefault<#kind>>::HOLDS));
        let gives = self.wanted(place).map(|wanted| {
            let size = self.size(&wanted.taken);
            quote!(&& <#tools::IsLayer<#kind, #input>>::OUT == #size)
        });
        quote!(<#tools::IsLayer<#kind, #input>>::HOLDS && !<#tools::IsNetwork<#kind>>::HOLDS #default #gives)
    }

    /// The choice by that question, which is answered once: the widths of the layers before stand in it.
    fn choice(&mut self, question: &TokenStream, place: Span) -> TokenStream {
        let (tools, otherwise, answers) = (self.tools(), self.otherwise(), self.answers_name());
        let answer = format_ident!("ANSWER{}", self.answers.len());
        self.answers.push(quote!(const #answer: ::core::primitive::bool = { #otherwise #question };));
        // Documentation shows the text where these braces are said to be from, which would be all of the user's `network!`.
        let mut block = Group::new(Delimiter::Brace, quote!(#answers::#answer));
        block.set_span(Span::mixed_site().located_at(place));
        quote!(#tools::If<#block>)
    }

    /// The type that has the answers.
    fn answers_name(&self) -> Ident {
        format_ident!("__{}Answers", self.network.declaration.name, span = Span::mixed_site())
    }

    fn answers(&self) -> Option<TokenStream> {
        let (name, answers) = (self.answers_name(), &self.answers);
        (!answers.is_empty()).then(|| {
            quote! {
                #[doc(hidden)]
                enum #name {}

                #[allow(dead_code)]
                impl #name {
                    #(#answers)*
                }
            }
        })
    }

    /// The path to the choice's functions.
    fn chosen(&self, place: usize) -> Option<TokenStream> {
        let choice = self.choices[place].as_ref()?;
        let (layer, tools, library) = (&self.network.layers[place], self.tools(), &self.network.declaration.library);
        let kind = argument(&layer.kind);
        let stand_in = match self.wanted(place) {
            Some(wanted) => {
                let size = wanted.taken.argument();
                quote!(FallbackLayer<#library::nalgebra::Const<#size>>)
            }
            None => quote!(FallbackForAny),
        };
        Some(quote!(<#choice as #tools::Choose<#kind, #tools::#stand_in>>))
    }

    fn chosen_loss(&self) -> Option<TokenStream> {
        let (choice, tools, library) = (self.loss_choice.as_ref()?, self.tools(), &self.network.declaration.library);
        let kind = argument(&self.network.loss.kind);
        Some(quote!(<#choice as #tools::Choose<#kind, #library::losses::SoftmaxWithLoss>>))
    }

    /// The type that takes part in the tape.
    pub fn kind(&self, place: usize) -> TokenStream {
        match self.chosen(place) {
            Some(chosen) => quote!(#chosen::Chosen),
            None => self.network.layers[place].kind.clone(),
        }
    }

    pub fn loss_kind(&self) -> TokenStream {
        self.chosen_loss().map_or_else(|| self.network.loss.kind.clone(), |chosen| quote!(#chosen::Chosen))
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

    /// A copy of the layer at that reference.
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

    /// The layer as `Default` makes it, or as its hyperparameter does if it is one of ours.
    pub fn default(&self, place: usize) -> TokenStream {
        let layer = &self.network.layers[place];
        if let Some(value) = hyperparameter(layer) {
            let kind = &layer.kind;
            return quote_spanned!(kind.span()=> <#kind>::new(#value));
        }
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

    /// A width as a nalgebra dimension.
    pub fn dimension(&self, width: &Width) -> TokenStream {
        let library = &self.network.declaration.library;
        match width {
            Width::Size(size) => {
                let size = size.argument();
                quote!(#library::nalgebra::Const<#size>)
            }
            Width::Of(place) => {
                let (kind, input) = (self.kind(*place), self.dimension(&self.network.layers[*place].input));
                quote!(<#kind as #library::Infer<T, #input>>::Out)
            }
        }
    }

    /// The comparisons that the compiler makes at the declaration, even if the network is never used.
    pub fn checks(&self) -> TokenStream {
        let layers = (0..self.choices.len()).filter_map(|place| self.layer_check(place));
        let losses = self.loss_check().into_iter().chain(self.objection_check());
        let agreements = self.network.agreements.iter().map(|one| self.agreement(one));
        let unseen = self.network.unseen.iter().map(|one| self.unseen(one));
        layers.chain(losses).chain(agreements).chain(unseen).chain(self.answers()).collect()
    }

    fn layer_check(&self, place: usize) -> Option<TokenStream> {
        self.choices[place].as_ref()?;
        let layer = &self.network.layers[place];
        if layer.giver.is_empty() {
            return None; // it is the first, and `first_layer` has the word
        }
        let span = layer.element.type_name().span();
        let (kind, tools, otherwise) = (argument_for_f32(&layer.kind), self.tools(), self.otherwise());
        let input = for_f32(&self.dimension(&layer.input));
        let (name, giver) = (layer.element.text(), &layer.giver);
        let before = format!("`{name}` is not a layer for the ");
        let after = format!(" features that `{giver}` gives: implement `typenet::Layer<T, Const<");
        let end = ">>` for it";
        let width = self.value(&layer.input);
        let words = quote!(.text(#before).number(#width).text(#after).number(#width).text(#end));
        let not_a_layer = self.panic(span, &words);
        let network = self.network_check(&kind, &name, span);
        let message = format!(
            "`{name}` is without hyperparameters, so it is made by `Default`: write those that it has, `{name}(...)`, or implement `Default` for it"
        );
        let no_default = self.panic(span, &quote!(.text(#message)));
        let default = layer
            .element
            .hyperparameters
            .is_none()
            .then(|| quote!(else if !<#tools::IsDefault<#kind>>::HOLDS { #no_default }));
        Some(checked(&quote_spanned! {span=>
            #otherwise
            #network
            if !<#tools::IsLayer<#kind, #input>>::HOLDS { #not_a_layer } #default
        }))
    }

    /// A network in the place of a layer or of the loss.
    fn network_check(&self, kind: &TokenStream, name: &str, span: Span) -> TokenStream {
        network_check(&self.network.declaration.library, kind, name, span)
    }

    fn loss_check(&self) -> Option<TokenStream> {
        self.loss_choice.as_ref()?;
        let span = self.network.loss.kind.span();
        let (loss, tools, otherwise) = (argument_for_f32(&self.network.loss.kind), self.tools(), self.otherwise());
        let width = for_f32(&self.dimension(&self.network.output));
        let (value, name) = (self.value(&self.network.output), &self.network.loss.text);
        let before = format!("a network ends in a loss, and `{name}` is none for ");
        let after =
            " features: end it with `SoftmaxWithLoss` or `MeanSquaredError`, or implement `typenet::Loss` for it";
        let not_a_loss = self.panic(span, &quote!(.text(#before).number(#value).text(#after)));
        let network = self.network_check(&loss, name, span);
        let message = format!("`{name}` is made by `Default`: implement that for it");
        let no_default = self.panic(span, &quote!(.text(#message)));
        Some(checked(&quote_spanned! {span=>
            #otherwise
            #network
            if !<#tools::IsLoss<#loss, #width>>::HOLDS { #not_a_loss }
            else if !<#tools::IsDefault<#loss>>::HOLDS { #no_default }
        }))
    }

    /// A number of outputs that the loss objects to, at that number if it is written.
    fn objection_check(&self) -> Option<TokenStream> {
        let Network { loss, output, .. } = self.network;
        if !loss.written || self.depends(output) || loss.ours && output.literal().is_some_and(|outputs| outputs > 1) {
            return None;
        }
        let span = match output {
            Width::Size(size) => size.tokens.span(),
            Width::Of(_) => loss.kind.span(),
        };
        let (kind, tools, otherwise) = (argument_for_f32(&loss.kind), self.tools(), self.otherwise());
        let width = for_f32(&self.dimension(output));
        let panic = self.panic(span, &quote!(.text(objection)));
        Some(checked(&quote_spanned! {span=>
            #otherwise
            if let ::core::option::Option::Some(objection) = <#tools::IsLoss<#kind, #width>>::OBJECTION { #panic }
        }))
    }

    fn agreement(&self, Agreement { taken, taker, given, giver }: &Agreement) -> TokenStream {
        let (takes, gives) = (format!("`{taker}` takes "), format!(" features, but {giver} gives "));
        let (span, size) = (taken.tokens.span(), self.size(taken));
        // A size may be from another macro, whose names are not those of this one.
        let [taken_name, given_name] = ["taken", "given"].map(|name| Ident::new(name, Span::mixed_site()));
        let panic = self.panic(span, &quote!(.text(#takes).number(#taken_name).text(#gives).number(#given_name)));
        // What is no layer gives nothing, and is reported already.
        let (given, known) = match given {
            Width::Size(size) => (self.size(size), None),
            Width::Of(place) => {
                let (layer, tools, otherwise) = (&self.network.layers[*place], self.tools(), self.otherwise());
                let (kind, input) = (argument_for_f32(&layer.kind), for_f32(&self.dimension(&layer.input)));
                let given = quote!({ #otherwise <#tools::IsLayer<#kind, #input>>::OUT });
                (given, Some(quote!(#given_name != 0 &&)))
            }
        };
        checked(&quote_spanned! {span=>
            let (#taken_name, #given_name): (::core::primitive::usize, ::core::primitive::usize) = (#size, #given);
            if #known #taken_name != #given_name { #panic }
        })
    }

    fn unseen(&self, Unseen { input, output, layer }: &Unseen) -> TokenStream {
        let unseen = if input.literal.is_none() { input } else { output };
        let (span, input, output) = (unseen.tokens.span(), self.size(input), self.size(output));
        let too_large = format!("`{layer}` would have more parameters than memory can hold");
        let too_large = self.panic(span, &quote!(.text(#too_large)));
        let zero = format!("a size of `{layer}` is 0: a layer takes and gives at least 1 feature");
        let zero = self.panic(span, &quote!(.text(#zero)));
        checked(&quote_spanned! {span=>
            let (input, output): (::core::primitive::usize, ::core::primitive::usize) = (#input, #output);
            if input == 0 || output == 0 { #zero }
            if output > ::core::primitive::isize::MAX as ::core::primitive::usize / 8 / input.saturating_add(1) { #too_large }
        })
    }

    /// A size's value while compiling.
    fn size(&self, size: &Size) -> TokenStream {
        self.value(&Width::Size(size.clone()))
    }

    /// A width's value while compiling.
    fn value(&self, width: &Width) -> TokenStream {
        let library = &self.network.declaration.library;
        let dimension = for_f32(&self.dimension(width));
        quote!(<#dimension as #library::nalgebra::DimName>::DIM)
    }

    fn panic(&self, span: Span, message: &TokenStream) -> TokenStream {
        panic(&self.network.declaration.library, span, message)
    }
}

/// A check that the compiler makes, at the declaration. In a type, as all other sizes are: so a variable that is none of a
/// const is one error, for all of them are alike.
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
    let message = format!("`{name}` is a network, which ends in a loss of its own: write its layers in its place");
    let panic = panic(library, span, &quote!(.text(#message)));
    quote!(if <#library::__private::fallback::IsNetwork<#kind>>::HOLDS { #panic })
}

/// Complains of a layer of the user's that begins the network, once the compiler knows its name.
pub fn first_layer(declaration: &Declaration) -> Option<TokenStream> {
    let first = declaration.chain.first()?;
    let has_its_own_error =
        first.path.is_ident("T") || first.path.is_ident(&declaration.name) || first.is_elementwise();
    if has_its_own_error || first.is_ours("Input") || first.is_ours("Affine") || first.is_a_loss() {
        return None;
    }
    let library = &declaration.library;
    let (span, name, kind) = (first.type_name().span(), first.text(), first.to_token_stream());
    let kind = argument_for_f32(&without_own_sizes(declaration, &kind));
    let message = format!("how many features the network takes is not known: begin with `Input<...> -> {name}`");
    let panic = panic(library, span, &quote!(.text(#message)));
    let network = network_check(library, &kind, &name, span);
    Some(checked(&quote_spanned! {span=>
        #[allow(unused_imports)] use #library::__private::fallback::Fallback as _;
        #network
        if !<#library::__private::fallback::IsNetwork<#kind>>::HOLDS { #panic }
    }))
}

/// The tokens with a 1 for each size of the network's own, which has no value outside of it.
fn without_own_sizes(declaration: &Declaration, tokens: &TokenStream) -> TokenStream {
    replaced(tokens, &|name| {
        declaration.sizes.iter().any(|own| own.ident == *name).then(|| quote_spanned!(name.span()=> 1))
    })
}

/// A type between angle brackets. There the compiler takes a single name that it does not know for a parameter that was forgotten,
/// and tells of it once more, unless arguments follow it.
fn argument(kind: &TokenStream) -> TokenStream {
    let is_a_name = kind.clone().into_iter().count() == 1;
    if is_a_name { quote!(#kind<>) } else { kind.clone() }
}

fn argument_for_f32(kind: &TokenStream) -> TokenStream {
    for_f32(&argument(kind))
}

/// A type in terms of `T`, outside of anything that is generic over `T`.
fn for_f32(tokens: &TokenStream) -> TokenStream {
    replaced(tokens, &|name| (name == "T").then(|| quote!(::core::primitive::f32)))
}

/// The tokens with other ones for some names.
fn replaced(tokens: &TokenStream, other: &impl Fn(&Ident) -> Option<TokenStream>) -> TokenStream {
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(name) => other(&name).unwrap_or_else(|| name.to_token_stream()),
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), replaced(&group.stream(), other)).to_token_stream()
            }
            token => token.to_token_stream(),
        })
        .collect()
}

/// Whether a name, such as that of the scalar `T`, is among the tokens.
pub fn mentions(tokens: &TokenStream, sought: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == sought,
        TokenTree::Group(group) => mentions(&group.stream(), sought),
        _ => false,
    })
}
