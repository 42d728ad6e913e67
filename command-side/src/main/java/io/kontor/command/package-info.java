/** Spring configuration of the command side. Its features are in the packages below. */
@NullMarked
package io.kontor.command;

import org.jspecify.annotations.NullMarked;
