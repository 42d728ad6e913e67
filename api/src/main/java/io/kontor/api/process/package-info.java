/** The state of running processes, for operators. */
@NullMarked
package io.kontor.api.process;

import org.jspecify.annotations.NullMarked;
