/** The nodes of the bank. */
@NullMarked
package io.kontor.operations.node;

import org.jspecify.annotations.NullMarked;
