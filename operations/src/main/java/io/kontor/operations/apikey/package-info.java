/** API keys: for machines that call the API without an issuer's tokens. */
@NullMarked
package io.kontor.operations.apikey;

import org.jspecify.annotations.NullMarked;
