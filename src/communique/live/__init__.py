"""Pages made on request over a SPARQL service: the same page code as for a build, over no more than a page needs.

Page code asks a store for quads by pattern. Here the store is an *excerpt* (`excerpt`): it gives what it holds, and
writes down what it was asked for and does not hold. That is read from the service in a few queries (`reader`), and the
page is made again, until nothing is missing. So the page is that of a build, byte for byte, whatever the templates ask.
"""
