/** What the calls of this module have in common. */
@NullMarked
package io.kontor.operations.support;

import org.jspecify.annotations.NullMarked;
