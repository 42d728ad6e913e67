/**
 * What a projection is made of: the events that it takes and the changes of rows that they become.
 * Independent of the bank and of the packages below.
 */
@NullMarked
package io.kontor.projection;

import org.jspecify.annotations.NullMarked;
