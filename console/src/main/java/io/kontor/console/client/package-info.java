/** Calls of the bank's HTTP API with the token of the person who is signed in. */
@NullMarked
package io.kontor.console.client;

import org.jspecify.annotations.NullMarked;
