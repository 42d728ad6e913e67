/** Where the bank's processes stand, for those who watch over them. */
@NullMarked
package io.kontor.api.process;

import org.jspecify.annotations.NullMarked;
