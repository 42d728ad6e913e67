/**
 * What all messages share: validation, metadata keys, versioned results. No message of a feature is
 * here.
 */
@NullMarked
package io.kontor.api.message;

import org.jspecify.annotations.NullMarked;
